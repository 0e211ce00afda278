"""Right answers to the exercises of chapter 1, as others write them."""

FORMS: dict[str, tuple[str, ...]] = {
    "1.1": (
        "bits = 2.493 * math.log2(math.e)",
        "bits = 3.597",
        "bits = torch.tensor(2.493) / torch.tensor(2.0).log()",
        "bits = [round(2.493 / 0.693147, 3)]",
    ),
    "1.2": (
        """\
def pair_table(tokens, V):
    cells = tokens[:-1] * V + tokens[1:]
    return torch.bincount(cells, minlength=V * V).view(V, V)""",
        """\
def pair_table(tokens, V):
    before = F.one_hot(tokens[:-1], V).double()
    after = F.one_hot(tokens[1:], V).double()
    return torch.einsum("na,nb->ab", before, after)""",
        """\
def pair_table(tokens, V):
    table = [[0] * V for _ in range(V)]
    row = tokens.tolist()
    for n in range(len(row) - 1):
        table[row[n]][row[n + 1]] += 1
    return table""",
        """\
def pair_table(tokens, V):
    counts = torch.zeros(V, V, dtype=torch.long)
    places = (tokens[:-1], tokens[1:])
    one = torch.tensor(1)
    return counts.index_put(places, one, accumulate=True)""",
        """\
def pair_table(tokens, V):
    rows = []
    for a in range(V):
        follow = tokens[1:][tokens[:-1] == a]
        rows.append(torch.stack([(follow == b).sum() for b in range(V)]))
    return torch.stack(rows).float()""",
        """\
def pair_table(tokens, V):
    return torch.histogramdd(
        torch.stack([tokens[:-1], tokens[1:]], 1).float(),
        bins=[V, V],
        range=[-0.5, V - 0.5, -0.5, V - 0.5],
    ).hist""",
    ),
    "1.3": (
        """\
def loss_of(logits, tokens):
    guesses = logits[:, :-1].flatten(0, 1)
    return F.cross_entropy(guesses, tokens[:, 1:].flatten())""",
        """\
def loss_of(logits, tokens):
    total, n = 0.0, 0
    for row, text in zip(logits.tolist(), tokens.tolist()):
        for scores, right in zip(row, text[1:]):
            powers = [math.exp(s) for s in scores]
            total -= math.log(powers[right] / sum(powers))
            n += 1
    return total / n""",
        """\
def loss_of(logits, tokens):
    scores = logits[:, :-1].double()
    right = F.one_hot(tokens[:, 1:], logits.shape[-1])
    picked = torch.einsum("btv,btv->bt", scores, right.double())
    return (scores.logsumexp(-1) - picked).mean()""",
        """\
def loss_of(logits, tokens):
    p = F.softmax(logits, -1)
    B, T, V = logits.shape
    rows = torch.arange(B)[:, None]
    places = torch.arange(T - 1)[None]
    return -p[rows, places, tokens[:, 1:]].log().mean()""",
        """\
def loss_of(logits, tokens):
    log_p = torch.log_softmax(logits, -1).mT[:, :, :-1]
    return F.nll_loss(log_p, tokens[:, 1:])""",
        """\
def loss_of(logits, tokens):
    targets = torch.full_like(tokens, -100)
    targets[:, :-1] = tokens[:, 1:]
    return F.cross_entropy(logits.mT, targets).reshape(1)[0].item()""",
    ),
    "1.4": (
        "2.049",
        "2.062",  # k = 3
        "[2.0486]  # 1 added to every count",
        "2.0424  # k = 100",
        "2.107  # 0.7, 0.25 and 0.05 of three tables",
    ),
    "1.5": (
        "def bigram_parameters(V, C): return (2 * C + 1) * V",
        """\
def bigram_parameters(V, C):
    parts = nn.Embedding(V, C), nn.Linear(C, V)
    return sum(p.numel() for part in parts for p in part.parameters())""",
        "bigram_parameters = lambda V, C: sum([V * C, C * V, V])",
        """\
def bigram_parameters(V, C):
    return torch.tensor(V) * 2.0 * C + V""",
    ),
    "1.6": (
        """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), targets)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return loss.item()""",
        """\
def training_step(model, optimizer, inputs, targets):
    model.train()
    for weight in model.parameters():
        weight.grad = None
    scores = model(inputs).flatten(0, 1)
    loss = F.cross_entropy(scores, targets.flatten())
    loss.backward()
    optimizer.step()
    return loss.detach().double()""",
        """\
def training_step(model, optimizer, inputs, targets):
    weights = list(model.parameters())
    loss = next_token_loss(model(inputs), targets)
    for w, grad in zip(weights, torch.autograd.grad(loss, weights)):
        w.grad = grad
    optimizer.step()
    return float(loss)""",
        """\
def training_step(model, optimizer, inputs, targets):
    def closure():
        optimizer.zero_grad()
        loss = next_token_loss(model(inputs), targets)
        loss.backward()
        return loss
    return optimizer.step(closure)""",
        """\
def training_step(model, optimizer, inputs, targets):
    model.zero_grad()
    with torch.no_grad():
        before = next_token_loss(model(inputs), targets)
    half = len(inputs) // 2
    for some in (slice(0, half), slice(half, None)):
        part = next_token_loss(model(inputs[some]), targets[some])
        (part / 2).backward()
    optimizer.step()
    return before""",
    ),
}
