"""Chapter 12. What the weights of a GPT-2 are called in transformers."""

CONFIG, WEIGHTS = "config.json", "model.safetensors"
THEIR_NAMES = {
    "lm_head": "lm_head",
    "embedding.token": "wte",
    "embedding.position": "wpe",
    "norm": "ln_f",
    "norm_1": "ln_1",
    "multi_head.qkv": "attn.c_attn",
    "multi_head.proj": "attn.c_proj",
    "norm_2": "ln_2",
    "feed_forward.expand": "mlp.c_fc",
    "feed_forward.contract": "mlp.c_proj",
}
"""What our parts are called there; a block's name goes before its parts'."""
LM_HEAD = "lm_head.weight"
PREFIX = "transformer."
"""Before all other names; the files of OpenAI's own weights leave it out."""
NOT_LEARNED = (".attn.bias", ".attn.masked_bias")
"""In old files: the mask of the past, which is computed here."""
DROPOUTS = ("resid_pdrop", "embd_pdrop", "attn_pdrop")
GELU = ("gelu_new", "gelu_pytorch_tanh")
"""Two names of the form with tanh."""


def their_name(name: str) -> str:
    """blocks.0.multi_head.qkv.bias is h.0.attn.c_attn.bias there."""
    part, _, kind = name.rpartition(".")
    before = ""
    if part.startswith("blocks."):
        _, number, part = part.split(".", 2)
        before = f"h.{number}."
    return f"{before}{THEIR_NAMES[part]}.{kind}"


def is_turned(name: str) -> bool:
    """Whether a parameter lies the other way round there.

    nn.Linear keeps a matrix as (out, in), and multiplies x by its transpose.
    transformers' GPT-2 keeps the matrices of its blocks as OpenAI did, in
    Conv1D, as (in, out). A square one is no different to look at: read the
    wrong way round it gives no error, only other logits.
    """
    inside = name.startswith("blocks.") and ".norm_" not in name
    return inside and name.endswith(".weight")
