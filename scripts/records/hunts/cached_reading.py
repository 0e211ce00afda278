"""The hunt of chapter 8: a text read token by token with a broken embedding.

Nothing broken is trained: the model is chapter 6's GPT, and the embedding is
exchanged afterwards.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from tutorgpt import GPT, load_corpus, train
from tutorgpt.config import CHAPTER
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.scaling import count_parameters
from tutorgpt.text.batches import sample_batch

SEED, STEPS = 1337, 600


@torch.no_grad()
def one_by_one(source: str) -> dict:
    """Chapter 6's GPT, reading one character at a time with this embedding.

    What a cache keeps of a token depends on its own vector and on those
    before it, so all of a text is computed at once from the vectors that
    the characters got one by one.
    """
    corpus = load_corpus("shakespeare")
    config = CHAPTER.model(vocab_size=corpus.tokenizer.vocab_size)
    torch.manual_seed(SEED)
    model = GPT(config)
    with torch.enable_grad():
        train(model, corpus, CHAPTER.training(max_steps=STEPS))
    model.eval()
    T = config.block_size
    embedding = EXERCISES["8.7"].build(source)(
        config.vocab_size, config.n_embed, T
    )
    embedding.load_state_dict(model.embedding.state_dict(), strict=False)

    def score(tokens: Tensor) -> Tensor:
        vectors = [
            embedding(tokens[:, t : t + 1], t) for t in range(tokens.shape[1])
        ]
        x = model.blocks(torch.cat(vectors, dim=1))
        return model.lm_head(model.norm(x))

    generator = torch.Generator().manual_seed(SEED)
    inputs, targets = sample_batch(corpus.val, 2000, T, generator)
    losses = F.cross_entropy(
        score(inputs).flatten(0, 1), targets.flatten(), reduction="none"
    )
    by_place = losses.view(-1, T).mean(dim=0).tolist()
    rows = torch.tensor([corpus.tokenizer.encode("\n")]).expand(3, 1)
    while rows.shape[1] <= T:
        p = score(rows)[:, -1].softmax(dim=-1)
        new = torch.multinomial(p, 1, generator=generator)
        rows = torch.cat([rows, new], dim=1)
    written = map(corpus.tokenizer.decode, rows[:, 1:].tolist())
    return {
        "parameters": count_parameters(model),
        "axis": "characters read",
        "curve": [[n, round(x, 3)] for n, x in enumerate(by_place, start=1)],
        "sample": "\n".join(row.replace("\n", "↵") for row in written),
    }


HUNTS = {"8.7": one_by_one}
