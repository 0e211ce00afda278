"""A model by its name or its path, whatever kind of file it is."""

from pathlib import Path

from tutorgpt.ground.places import expanded
from tutorgpt.ground.refusal import did_you_mean
from tutorgpt.pretrained.fetch import MODELS, fetch
from tutorgpt.pretrained.folder import ONE_FILE, PARTS, load_safetensors
from tutorgpt.pretrained.gguf_file import load_gguf
from tutorgpt.pretrained.llama import Llama
from tutorgpt.tokens.renumbered import PretrainedTokenizer


def locate(model: str | Path) -> Path:
    """Where a model lies: a name is fetched, a path must be there.

    The weights' file in a folder stands for the folder.
    Raises FileNotFoundError if there is neither, ValueError for a file of
    weights that a folder's model is not read from; see fetch for the others.
    """
    if str(model) in MODELS:
        return fetch(str(model))
    path = expanded(model)
    if not path.exists():
        raise FileNotFoundError(
            f"there is no file or folder {str(path)!r}: check the path, or "
            f"name {' or '.join(MODELS)}, which is fetched"
            f"{did_you_mean(str(model), MODELS)}"
        )
    if path.suffix != ".safetensors":
        return path
    if path.name != ONE_FILE and not path.match(PARTS):
        raise ValueError(
            f"{str(path)!r} is not read, because the weights of such a folder "
            f"are called {ONE_FILE}: rename it, or name the folder"
        )
    return path.parent


def load_pretrained(model: str | Path) -> tuple[Llama, PretrainedTokenizer]:
    """A model of the llama family, in eval mode, and its tokenizer.

    model: smollm2, which is fetched once; the path of a GGUF file; or a
        folder as transformers writes it, or the safetensors file in it.
    Raises what locate, load_gguf and load_safetensors do.
    """
    path = locate(model)
    return load_safetensors(path) if path.is_dir() else load_gguf(path)
