"""Wrong answers to the exercises of chapter 1, and what is said of them."""

MISTAKES: dict[str, tuple[tuple[str, str], ...]] = {
    "1.1": (
        ("bits = 2.493 * math.log(2)", "you multiplied by ln 2"),
        ("bits = 2.493 / 2", "you divided by 2"),
        ("bits = 2.493 / math.log10(2)", "you divided by log10(2)"),
        ("bits = 2.493 / math.log(10)", "decimal digits"),
        ("bits = 2 ** 2.493", "you took 2 to the power of the loss"),
        ("bits = math.exp(2.493)", "perplexity"),
        ("bits = math.log2(2.493)", "logarithm of the loss itself"),
        (
            "bits = math.log(2.493)",
            "you took the natural logarithm of the loss",
        ),
        ("bits = 2.493", "this is the loss in nats still"),
        ("bits = math.log(2) / 2.493", "the fraction stands upside down"),
        ("bits = -2.493 / math.log(2)", "wrong side of zero"),
        ("bits = 2.493 * 2", "you multiplied by 2"),
        ("bits = 8 * 2.493", "you multiplied by 8"),
        ("bits = 4", "too coarse"),
        ("bits = 2.493 + math.log(2)", "ln 2 is added"),
        ("bits = 2.493 / math.log2(math.e)", "you multiplied by ln 2"),
        ("bits = 'some 3 or 4'", "cannot be read as a number"),
        (
            """\
bits = 2.493 / 0.963""",
            "with two digits exchanged",
        ),
        (
            """\
bits = 4.16""",
            "It lies above 2.493, the loss in nats, of which a bit is only a part, and below 6.109",
        ),
        (
            """\
bits = math.log2(math.log(2.493))""",
            "you took the logarithm of the loss twice",
        ),
    ),
    "1.2": (
        (
            """\
def pair_table(tokens, V):
    counts = torch.zeros(V, V)
    counts[tokens[:-1], tokens[1:]] += 1
    return counts""",
            "every pair counts once",
        ),
        (
            """\
def pair_table(tokens, V):
    m = int(tokens.max()) + 1
    cells = tokens[:-1] * m + tokens[1:]
    return torch.bincount(cells, minlength=m * m).view(m, m)""",
            "the table has as many rows as the largest",
        ),
        (
            """\
def pair_table(tokens, V):
    m = int(tokens.max()) + 1
    cells = tokens[:-1] * V + tokens[1:]
    return torch.bincount(cells, minlength=m * m).view(V, V)""",
            "bincount makes cells for the tokens that",
        ),
        (
            """\
def pair_table(tokens, V):
    cells = tokens[:-1] * V + tokens[1:]
    return torch.bincount(cells).view(V, V)""",
            "bincount stops at the largest number that",
        ),
        (
            """\
def pair_table(tokens, V):
    cells = tokens[:-1] * V + tokens[1:]
    return torch.bincount(cells, minlength=V * V)""",
            "the result has the shape (16,)",
        ),
        (
            """\
def pair_table(tokens, V):
    cells = tokens[:-1] + tokens[1:] * V
    return torch.bincount(cells, minlength=V * V).view(V, V)""",
            "rows and columns are exchanged",
        ),
        (
            """\
def pair_table(tokens, V):
    counts = torch.zeros(V, V)
    for n in range(len(tokens)):
        counts[tokens[n - 1], tokens[n]] += 1
    return counts""",
            "the last token is paired with the first one",
        ),
        (
            """\
def pair_table(tokens, V):
    counts = torch.zeros(V, V)
    for n in range(len(tokens)):
        counts[tokens[n], tokens[n + 1]] += 1
    return counts""",
            "it stops with IndexError",
        ),
        (
            """\
def pair_table(tokens, V):
    counts = torch.zeros(V, V)
    for n in range(len(tokens) - 2):
        counts[tokens[n], tokens[n + 1]] += 1
    return counts""",
            "the last pair is left out",
        ),
        (
            """\
def pair_table(tokens, V):
    counts = torch.zeros(V, V)
    for n in range(1, len(tokens) - 1):
        counts[tokens[n], tokens[n + 1]] += 1
    return counts""",
            "the first pair is left out",
        ),
        (
            """\
def pair_table(tokens, V):
    counts = torch.zeros(V, V, dtype=torch.uint8)
    for a, b in zip(tokens[:-1], tokens[1:]):
        counts[a, b] += 1
    return counts""",
            "counts above 255 begin again at 0",
        ),
        (
            """\
def pair_table(tokens, V):
    counts = torch.zeros(V, V)
    for a, b in zip(tokens[:-1], tokens[1:]):
        counts[a, b] += 1
        counts[b, a] += 1
    return counts""",
            "each pair is counted in both directions",
        ),
        (
            """\
def pair_table(tokens, V):
    counts = torch.zeros(V, V)
    for a, b in zip(tokens[:-1], tokens[1:]):
        if a != b:
            counts[a, b] += 1
    return counts""",
            "pairs of one token twice are left out",
        ),
        (
            """\
def pair_table(tokens, V):
    counts = torch.zeros(V, V)
    for a in tokens:
        for b in tokens:
            counts[a, b] += 1
    return counts""",
            "every token is paired with every other",
        ),
        (
            """\
def pair_table(tokens, V):
    counts = torch.zeros(V, V)
    for a, b in zip(tokens[:-1], tokens[1:]):
        counts[a, b] += 1
    return counts / counts.sum()""",
            "the counts are already divided by their sum",
        ),
        (
            """\
def pair_table(tokens, V):
    text = "".join(str(int(t)) for t in tokens)
    counts = torch.zeros(V, V)
    for a in range(V):
        for b in range(V):
            counts[a, b] = text.count(f"{a}{b}")
    return counts""",
            "the table sums to 58",
        ),
        (
            """\
def pair_table(tokens, V):
    counts = torch.zeros(V, V)
    for a, b in zip(tokens[:-1], tokens[1:]):
        counts[a, b] += 1
        return counts""",
            "only the first pair is counted",
        ),
        (
            """\
def pair_table(tokens, V):
    counts = torch.zeros(V + 1, V + 1)
    for a, b in zip(tokens[:-1], tokens[1:]):
        counts[a, b] += 1
    return counts""",
            "the result has the shape (5",
        ),
        (
            """\
def pair_table(tokens, V):
    counts = {}
    for a, b in zip(tokens.tolist(), tokens[1:].tolist()):
        counts[a, b] = counts.get((a, b), 0) + 1
    return counts""",
            "the result is dict",
        ),
        (
            """\
def pair_table(tokens, V):
    counts = torch.zeros(V, V)
    for a, b in zip(tokens[:-1], tokens[1:]):
        counts[a, b] += 1""",
            "gives back None",
        ),
        (
            """\
def pair_table(tokens, V):
    counts = torch.zeros(V, V)
    for a, b in zip(tokens, tokens[::-1]):
        counts[a, b] += 1
    return counts""",
            "it stops with ValueError",
        ),
        (
            """\
def pair_table(tokens, V):
    return torch.bincount(tokens, minlength=V * V).view(V, V)""",
            "single tokens are counted, not pairs",
        ),
    ),
    "1.3": (
        (
            """\
def loss_of(logits, tokens):
    return F.cross_entropy(logits.flatten(0, 1), tokens.flatten())""",
            "nothing is shifted",
        ),
        (
            """\
def loss_of(logits, tokens):
    return F.cross_entropy(logits, tokens)""",
            "cross_entropy takes your axis of places for",
        ),
        (
            """\
def loss_of(logits, tokens):
    return F.cross_entropy(logits[:, :-1], tokens[:, 1:])""",
            "cross_entropy takes your axis of places for",
        ),
        (
            """\
def loss_of(logits, tokens):
    scores = logits.flatten(0, 1)[:-1]
    return F.cross_entropy(scores, tokens.flatten()[1:])""",
            "the texts of the batch are read as one",
        ),
        (
            """\
def loss_of(logits, tokens):
    targets = tokens.roll(-1, dims=1)
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())""",
            "the last logits of a text are scored too",
        ),
        (
            """\
def loss_of(logits, tokens):
    scores = logits[:-1].flatten(0, 1)
    return F.cross_entropy(scores, tokens[1:].flatten())""",
            "the first axis is shifted",
        ),
        (
            """\
def loss_of(logits, tokens):
    scores = logits[:, 1:].flatten(0, 1)
    return F.cross_entropy(scores, tokens[:, 1:].flatten())""",
            "the first logits are cut off",
        ),
        (
            """\
def loss_of(logits, tokens):
    targets = tokens[:, 1:]
    log_p = logits[:, :-1].log_softmax(dim=-1)
    return -log_p[:, :, targets].mean()""",
            "each place is given all targets",
        ),
        (
            """\
def loss_of(logits, tokens):
    p = logits[:, :-1].softmax(-1)
    right = p.gather(-1, tokens[:, 1:].unsqueeze(-1))
    return -right.mean().log()""",
            "the mean is taken before the logarithm",
        ),
        (
            """\
def loss_of(logits, tokens):
    p = logits[:, :-1].softmax(-1)
    right = p.gather(-1, tokens[:, 1:].unsqueeze(-1))
    return -right.log2().mean()""",
            "in bits",
        ),
        (
            """\
def loss_of(logits, tokens):
    p = logits[:, :-1].softmax(-1)
    right = p.gather(-1, tokens[:, 1:].unsqueeze(-1))
    return -right.log10().mean()""",
            "the logarithm is to base 10",
        ),
        (
            """\
def loss_of(logits, tokens):
    log_p = logits[:, :-1].log_softmax(-1)
    right = log_p.gather(-1, tokens[:, 1:].unsqueeze(-1))
    return -right.sum() / tokens.numel()""",
            "the sum is divided by all B x T tokens",
        ),
        (
            """\
def loss_of(logits, tokens):
    log_p = logits[:, :-1].log_softmax(-1)
    right = log_p.gather(-1, tokens[:, 1:].unsqueeze(-1))
    return -right.sum(1).mean()""",
            "the sum is divided by B alone",
        ),
        (
            """\
def loss_of(logits, tokens):
    log_p = logits[:, :-1].log_softmax(-1)
    right = log_p.gather(-1, tokens[:, 1:].unsqueeze(-1))
    return -right.squeeze(-1)""",
            "the mean is missing",
        ),
        (
            """\
def loss_of(logits, tokens):
    log_p = logits[:, :-1].log_softmax(-1)
    right = log_p.gather(-1, tokens[:, 1:].unsqueeze(-1))
    return (-right.mean()).exp()""",
            "this is the perplexity",
        ),
        (
            """\
def loss_of(logits, tokens):
    log_p = logits[:, :-1].log_softmax(-1)
    right = log_p.gather(-1, tokens[:, 1:].unsqueeze(-1))
    return -right.median()""",
            "the logits of text 0 at place 0",
        ),
        (
            """\
def loss_of(logits, tokens):
    log_p = logits[:, :-1].log_softmax(-1)
    return -log_p.max(-1).values.mean()""",
            "the most likely token counts",
        ),
        (
            """\
def loss_of(logits, tokens):
    log_p = logits[:, :-1].log_softmax(-1)
    return -log_p.mean()""",
            "all V tokens count",
        ),
        (
            """\
def loss_of(logits, tokens):
    log_p = logits[:, :-1].log_softmax(-1)
    return -(log_p.exp() * log_p).sum(-1).mean()""",
            "this is the entropy of the guesses",
        ),
        (
            """\
def loss_of(logits, tokens):
    log_p = logits.log_softmax(-1)
    right = log_p.gather(-1, tokens[:, 1:].unsqueeze(-1))
    return -right[0].mean()""",
            "only the first text of the batch counts",
        ),
        (
            """\
def loss_of(logits, tokens):
    log_p = logits[:, -2].log_softmax(-1)
    right = log_p.gather(-1, tokens[:, -1:])
    return -right.mean()""",
            "only the last prediction of each text counts",
        ),
        (
            """\
def loss_of(logits, tokens):
    hits = logits[:, :-1].argmax(-1) == tokens[:, 1:]
    return 1 - hits.float().mean()""",
            "this is the share of tokens that were not",
        ),
        (
            """\
def loss_of(logits, tokens):
    p = logits[:, :-1].sigmoid()
    right = p.gather(-1, tokens[:, 1:].unsqueeze(-1))
    return -right.log().mean()""",
            "a sigmoid is taken of each score",
        ),
        (
            """\
def loss_of(logits, tokens):
    scores = logits[:, :-2].flatten(0, 1)
    return F.cross_entropy(scores, tokens[:, 2:].flatten())""",
            "the targets are shifted by two places",
        ),
        (
            """\
def loss_of(logits, tokens):
    scores = logits[:, :-1].softmax(-1).flatten(0, 1)
    return F.cross_entropy(scores, tokens[:, 1:].flatten())""",
            "softmax is applied twice",
        ),
        (
            """\
def loss_of(logits, tokens):
    lp = logits[:, :-1].log_softmax(0).gather(-1, tokens[:, 1:, None])
    return -lp.mean()""",
            "the softmax runs over the texts of the batch, not over the",
        ),
    ),
    "1.4": (
        ("2.493", "pairs"),
        ("3.301", "single characters"),
        ("4.234", "every character is alike likely"),
        ("float('inf')", "probability 0"),
        ("float('nan')", "nan"),
        ("2.975", "in bits"),
        ("2.9555", "in bits"),
        ("1.9547", "you measured on corpus.train"),
        ("1.968", "you measured on corpus.train"),
        ("7.847", "7.847 is much too large"),
        ("1.62618", "you divided by sums over the middle"),
        ("2.919", "you left the middle character out and"),
        ("-2.062", "wrong side"),
        ("0.4442", "this is how far below 2.493 it comes"),
        ("0.1272", "0.127 is much too small"),
        ("7.862", "7.862 is much too large"),
        (
            """\
1.5""",
            "It lies below 1.889, what a table pays that has counted the held-out text",
        ),
        (
            """\
6.4""",
            "It lies above 4.234, ln 69",
        ),
    ),
    "1.5": (
        ("def bigram_parameters(V, C): return 2 * V * C", "lm_head is"),
        (
            "def bigram_parameters(V, C): return V * C + V",
            "one table serves as embedding and as head",
        ),
        ("def bigram_parameters(V, C): return V * C", "lm_head is forgotten"),
        ("def bigram_parameters(V, C): return V * V", "whole table"),
        (
            "def bigram_parameters(V, C): return V * V + V",
            "the whole table of pairs is learned",
        ),
        ("def bigram_parameters(V, C): return 2 * V * C + C", "per channel"),
        ("def bigram_parameters(V, C): return V*C + C*V + V + C", "embedding"),
        (
            "def bigram_parameters(V, C): return 4485",
            "it is 4,485 whatever goes in",
        ),
        (
            "def bigram_parameters(V, C): return 2 * (V * C + V)",
            "both tables have a bias per character",
        ),
        (
            "def bigram_parameters(V, C): return V + C + C + V",
            "in every case it is too little",
        ),
        (
            "def bigram_parameters(V, C): return V * C + C * C + C",
            "the head is taken for a layer from C to C",
        ),
        (
            "def bigram_parameters(V, C): return 2 * V * C + 1",
            "there is one bias for all",
        ),
        (
            "def bigram_parameters(V, C): return (V * C) * (C * V + V)",
            "the sizes of the two tables are multiplied",
        ),
        (
            "def bigram_parameters(V, C): return [V * C, C * V, V]",
            "the result has the shape (3,)",
        ),
        (
            "def bigram_parameters(V, C): return V * C + V * V + V",
            "the head is taken for a layer from V to V",
        ),
        ("def bigram_parameters(C, V): return 2 * V * C + V", "per channel"),
    ),
    "1.6": (
        (
            """\
def training_step(model, optimizer, inputs, targets):
    optimizer.zero_grad()
    loss = next_token_loss(model(inputs), targets)
    loss.backward()
    return loss""",
            "optimizer.step() is never called",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    optimizer.zero_grad()
    loss = next_token_loss(model(inputs), targets)
    optimizer.step()
    return loss""",
            "no gradient is ever computed",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss""",
            "the gradients are never erased",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), targets)
    optimizer.zero_grad()
    optimizer.step()
    loss.backward()
    return loss""",
            "the gradients are still erased before they",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), targets)
    optimizer.step()
    loss.backward()
    optimizer.zero_grad()
    return loss""",
            "the gradients are still erased before they",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), targets)
    optimizer.step()
    optimizer.zero_grad()
    loss.backward()
    return loss""",
            "the step and the erasing come before",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()""",
            "call 1 of training_step gives back None",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), inputs)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss""",
            "the inputs are asked for themselves",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = -next_token_loss(model(inputs), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss""",
            "the loss has the wrong sign",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), targets)
    optimizer.zero_grad()
    (-loss).backward()
    optimizer.step()
    return loss""",
            "the step goes uphill",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    with torch.no_grad():
        loss = next_token_loss(model(inputs), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss""",
            "the loss knows nothing of the weights",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return model""",
            "call 1 of training_step gives back",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    logits = model(inputs)
    loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten(),
                           reduction="sum")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss""",
            "the loss is summed over all places",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step
    return loss""",
            "optimizer.step() is never called",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    optimizer.step()
    return loss""",
            "the step is taken twice",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(targets), inputs)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss""",
            "inputs and targets are exchanged",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs[:1]), targets[:1])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss""",
            "only the first sequence of the batch is learned from",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), targets) / math.log(2)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss""",
            "the loss is divided by ln 2, into bits, before its gradient is taken",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss / math.log(2)""",
            "the loss is given back in bits",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.exp()""",
            "the perplexity is given back, e to the loss",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), targets).exp()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss""",
            "the gradient is taken of e to the loss",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs[0:1]), targets[0:1])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss""",
            "only the first sequence of the batch is learned from",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs[:, :1]), targets[:, :1])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss""",
            "the first call gives back 2.048, and the loss before the update is 2.023.",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs[:, -1:]), targets[:, -1:])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss""",
            "only the last character of each sequence is learned from",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs[:, :-1]), targets[:, 1:])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss""",
            "the targets are moved by one place more",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), targets) / 2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss""",
            "the first call gives back 1.012, and the loss before the update is 2.023:",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss * 2""",
            "the first call gives back 4.046, and the loss before the update is 2.023:",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(targets), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss""",
            "the targets are asked for themselves",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), targets) * len(inputs)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss""",
            "the first call gives back 8.092, and the loss before the update is 2.023:",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item() * 0""",
            "the first call gives back 0.000, and the loss before the update is 2.023.",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    optimizer.zero_grad()
    loss = next_token_loss(model(inputs).softmax(-1), targets)
    loss.backward()
    optimizer.step()
    return loss""",
            "the scores go through a softmax before the loss, which",
        ),
        (
            """\
def training_step(model, optimizer, inputs, targets):
    loss = next_token_loss(model(inputs), targets)
    optimizer.zero_grad()
    loss.backward(retain_graph=True)
    loss.backward()
    optimizer.step()
    return loss""",
            "backward() is called twice, so each gradient is twice as large",
        ),
    ),
}
