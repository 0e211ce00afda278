"""Wrong answers of chapter 6 that beginners give, and what is said of them."""


def counted(formula):
    """An answer to 6.1."""
    return f"def gpt_parameters(V, T, C, L):\n    return {formula}\n"


def step(formula):
    """An answer to 6.2."""
    return f"""\
def step_flops(V, T, C, L, B):
    N = V * C + T * C + L * (12 * C * C + 10 * C) + 2 * C + C * V + V
    block, head, look = 12 * C * C, C * V, 12 * L * T * C
    return {formula}
"""


def dropped(formula):
    """An answer to 6.3."""
    return f"def drop_out(x, p, noise):\n    return {formula}\n"


def rate(last, first="top * step / warm_up", share="min(1, way)"):
    """An answer to 6.4."""
    return f"""\
def rate(step, warm_up, max_steps, top):
    if step < warm_up:
        return {first}
    way = (step - warm_up) / (max_steps - warm_up)
    share = {share}
    cos = math.cos(math.pi * share)
    return {last}
"""


def evaluate(lines):
    """An answer to 6.6."""
    return (
        "@torch.no_grad()\ndef evaluate(model, inputs, targets):\n"
        + "".join(f"    {line}\n" for line in lines.split("; "))
    )


def model(arguments):
    """An answer to 6.7."""
    return (
        "def model_of(V, T, C, H, L):\n"
        f"    return GPT(ModelConfig({arguments}))\n"
    )


LOSS = "loss = next_token_loss(model(inputs), targets)"
SIZES = "vocab_size=V, block_size=T, n_embed=C"
MISTAKES = {
    "6.1": (
        (
            counted("V * C + L * (12 * C * C + 10 * C) + 2 * C + C * V + V"),
            "the positions are forgotten",
        ),
        (
            counted(
                "(V + T) * C + L * (12 * C * C + 6 * C) + 2 * C + C * V + V"
            ),
            "the norms in the blocks are forgotten",
        ),
        (
            counted("(V + T) * C + L * (12 * C * C + 10 * C) + C * V + V"),
            "the final norm is forgotten",
        ),
        (
            counted("(V + T) * C + L * (12 * C * C + 10 * C) + 2 * C + C * V"),
            "the bias of lm_head is forgotten",
        ),
        (
            counted("(V + T) * C + L * (12 * C * C + 10 * C) + 2 * C + V"),
            "the head shares the embedding's table",
        ),
        (
            counted(
                "(V + T) * C + L * (12 * C * C + 13 * C) + 2 * C + C * V + V"
            ),
            "queries, keys and values got biases",
        ),
        (
            counted(
                "(V + T) * C + L * (12 * C * C + 5 * C) + 2 * C + C * V + V"
            ),
            "the biases of the feed-forward layers are forgotten",
        ),
        (
            counted("(V + T) * C + 12 * C * C + 10 * C + 2 * C + C * V + V"),
            "only one layer is counted",
        ),
        (
            counted("(V + T) * C + 12 * L * C * C + C * V"),
            "one character more adds 64 numbers instead of 65",
        ),
        (
            counted("12 * L * C * C"),
            "one character more adds 0 numbers instead of 65",
        ),
        (
            counted(
                "V * T * C + L * (12 * C * C + 10 * C) + 2 * C + C * V + V"
            ),
            "one character more adds 1,057 numbers instead of 65",
        ),
        (
            counted(
                "(V + T) * C + L * (8 * C * C + 10 * C) + 2 * C + C * V + V"
            ),
            "one layer more adds 8,512 numbers instead of 12,608",
        ),
        (
            counted(
                "(V + T) * C + L * (12 * C * C + 10 * C + 2 * C) + C * V + V"
            ),
            "one layer more adds 12,672 numbers instead of 12,608",
        ),
        (
            counted("(V + T) * C + L * (12 * C * C + 10 * C) + C + C * V + V"),
            "in every case it is C too little",
        ),
        (
            counted("V + T + L * (12 * C * C + 10 * C) + 2 * C + C * V + V"),
            "one character more adds 34 numbers instead of 65",
        ),
        (
            counted(
                "L * ((V + T) * C + 12 * C * C + 10 * C) + 2 * C + C * V + V"
            ),
            "one character more adds 129 numbers instead of 65",
        ),
    ),
    "6.2": (
        (
            step("6 * B * T * N"),
            "this is the rule of thumb, 6 B T N, with all N numbers",
        ),
        (
            step("6 * N"),
            "this is one token, not one step; and this is the rule of",
        ),
        (
            step("6 * B * T * (L * block + head)"),
            "the scores and the mixing are forgotten",
        ),
        (
            step("6 * B * T * L * block"),
            "only the blocks are counted, by 6 per weight",
        ),
        (
            step("B * T * (6 * N + look)"),
            "every number that the model learns is taken for one that",
        ),
        (
            step("6 * (L * block + head) + look"),
            "this is one token, not one step",
        ),
        (
            step("B * (6 * (L * block + head) + look)"),
            "the sequences are counted, not their tokens",
        ),
        (
            step("B * T * (2 * (L * block + head) + look)"),
            "the weights are counted forward only",
        ),
        (
            step("B * T * (6 * (L * block + head) + look / L)"),
            "the attention term is counted once, not in every layer",
        ),
        (step("B * T * (6 * L * block + look)"), "the head is forgotten"),
        (
            step("B * T * (6 * (L * block + 2 * head) + look)"),
            "the embedding is counted as a product",
        ),
        (
            step("B * T * 6 * (L * block + head + look)"),
            "scores and mixing are multiplied by 6 once more",
        ),
        (
            step("B * T * (6 * (L * block + head) + look * T)"),
            "the scores and the mixing grow with the cube of T",
        ),
        (
            step("B * T * 6 * (L * block + head) + B * look"),
            "the scores and the mixing are counted once per sequence,",
        ),
        (
            step("B * T * (6 * (block + head) + look)"),
            "only one layer's weights are counted",
        ),
        (
            step("T * (6 * (L * block + head) + look)"),
            "the sequences are not counted",
        ),
        (
            step("B * T * (6 * (L * block + head) + look / 2)"),
            "half of the scores is left out, as the causal mask could",
        ),
        (
            step("6 * B * T * (N - V * C - T * C)"),
            "this is the rule of thumb, 6 B T N, with all numbers that",
        ),
        (
            """\
def step_flops(V, T, C, L, B):
    return B * T * 6 * (12 * L * C * C + V * C) + 12 * L * T * C""",
            "only the weights are counted for all tokens, scores and",
        ),
        (
            """\
def step_flops(V, T, C, L, B):
    return B * T * (6 * (12 * C * C + V * C) + 12 * T * C)""",
            "only one layer is counted, its weights and its scores",
        ),
        (
            """\
def step_flops(V, T, C, L, B):
    return B * T * 6 * (12 * L * C * C + V * C + 12 * L * T * C)""",
            "scores and mixing are multiplied by 6 once more",
        ),
    ),
    "6.3": (
        (
            dropped("x * (noise > p) / (1 - p)"),
            "a number whose noise is p itself is dropped as well",
        ),
        (
            dropped("x * (noise >= p)"),
            "what is kept does not grow, so the mean falls to 1 - p",
        ),
        (
            dropped("x * (noise < p) / (1 - p)"),
            "the share p is kept and the rest dropped",
        ),
        (
            dropped("x * (noise < p) / p"),
            "the share p is kept and the rest dropped, and it is",
        ),
        (
            dropped("x * (noise >= p) / p"),
            "it is divided by p instead of 1 - p",
        ),
        (
            dropped("x * (noise >= p) * (1 - p)"),
            "what is kept shrinks by 1 - p instead of growing",
        ),
        (dropped("x * (noise >= p) * (1 + p)"), "what is kept grows by 1 + p"),
        (
            dropped("x[noise >= p] / (1 - p)"),
            "only the numbers that are kept come back, without the zeros",
        ),
        (
            dropped("F.dropout(x, p)"),
            "the zeros do not stand where the noise is below p",
        ),
        (
            dropped("F.dropout(x, p, training=False)"),
            "what is kept does not grow, so the mean falls to 1 - p; and",
        ),
        (
            dropped("x * (torch.rand_like(x) >= p) / (1 - p)"),
            "the zeros do not stand where the noise is below p",
        ),
        (
            dropped("x * (x >= p) / (1 - p)"),
            "the numbers themselves are compared with p, not the noise",
        ),
        (
            dropped("x * noise / (1 - p)"),
            "the numbers are multiplied by the noise",
        ),
        (
            dropped("x * (noise >= p) * x.numel() / (noise >= p).sum()"),
            "it is divided by the share that happened to stay this time",
        ),
        (
            dropped("x.masked_fill_(noise < p, 0) / (1 - p)"),
            "the result is right, but the input was changed on the way",
        ),
        (
            dropped("x * (noise >= p) + p"),
            "the zeros do not stand where the noise is below p",
        ),
        (
            dropped("x * (noise >= p) / (1 - p) ** 2"),
            "with p = 0.75, of which 1 in 4 stays, 3 and -2 that stay",
        ),
        (dropped("x / (1 - p)"), "nothing is dropped"),
        (
            dropped("(noise >= p) / (1 - p)"),
            "the mask itself is given back, and not the numbers",
        ),
        (
            """\
def drop_out(x, p, noise):
    return torch.where(noise < 1 - p, x / (1 - p), 0.0)""",
            "the noise is compared with 1 - p",
        ),
        (
            """\
def drop_out(x, p, noise):
    return torch.where(noise < p, 0.0, x) / (1 - p) ** 0.5""",
            "it is divided by the root of 1 - p, which keeps the",
        ),
        (
            """\
def drop_out(x, p, noise):
    return torch.where(noise < p, x, x / (1 - p))""",
            "what should be dropped stays, and is only not divided",
        ),
    ),
    "6.4": (
        (rate("top * (1 + cos) / 2"), "it falls to 0, not to a tenth of top"),
        (
            rate("max(0.1 * top, top * (1 + cos) / 2)"),
            "it falls towards 0 and is cut off at a tenth",
        ),
        (
            rate("0.1 * top + 0.9 * top * (1 + cos) / 2", share="way"),
            "it goes on beyond max_steps instead of staying",
        ),
        (
            rate("0.1 * top + 0.9 * top * (1 + cos) / 2", first="top"),
            "there is no warm-up",
        ),
        (
            rate("0.1 * top + 0.9 * top * (1 - cos) / 2"),
            "it rises where it should fall",
        ),
        (
            rate("0.1 * top + top * (1 + cos) / 2"),
            "the tenth is added on top of the whole height",
        ),
        (
            rate("0.1 * top + 0.9 * top * cos"),
            "the cosine itself is the height, which goes from 1 to -1",
        ),
        (
            rate("0.1 * top + 0.9 * top * (1 + cos)"),
            "the half is missing in (1 + cos) / 2",
        ),
        (
            rate("0.1 * top + 0.9 * top * (1 - share)"),
            "it falls in a straight line",
        ),
        (
            rate("0.1 + 0.9 * (1 + cos) / 2", first="step / warm_up"),
            "top is left out",
        ),
        (
            rate("0.1 + (top - 0.1) * (1 + cos) / 2"),
            "the floor is 0.1, whatever top is",
        ),
        (
            rate(
                "0.1 * top + 0.9 * top * (1 + cos) / 2",
                share="min(1, step / max_steps)",
            ),
            "the fall is counted from step 0, so it jumps after the",
        ),
        (
            rate(
                "0.1 * top + 0.9 * top * (1 + cos) / 2",
                share="min(1, (step - warm_up) / max_steps)",
            ),
            "the fall takes max_steps steps, beginning at the warm-up's",
        ),
        (
            rate(
                "0.1 * top + 0.9 * top * (1 + cos) / 2",
                first="top * (step + 1) / warm_up",
            ),
            "the warm-up is counted from 1",
        ),
        (
            rate("top * 0.1 ** share"),
            "half-way down it is 0.316 of top instead of 0.55",
        ),
        (
            rate("0.1 * top + 0.9 * top * math.cos(math.pi * share / 2)"),
            "the curve is a quarter of a cosine, cos(pi / 2 * share)",
        ),
        (
            rate(
                "0.0 if step > max_steps else 0.1 * top + 0.9 * top * (1 + "
                "cos) / 2"
            ),
            "after max_steps it is 0",
        ),
        (
            rate("0.1 * top if step >= max_steps else top * (1 + cos) / 2"),
            "half-way down it is 0.500 of top instead of 0.55",
        ),
        (
            rate(
                "0.1 * top + 0.9 * top * (1 + cos) / 2",
                first="top * (1 - math.cos(math.pi * step / warm_up)) / 2",
            ),
            "a quarter of the way up it is 0.146 of top, not 0.25",
        ),
        (
            """\
def rate(step, warm_up, max_steps, top):
    low = top / 10
    if step < warm_up:
        return top * step / warm_up
    if step > max_steps:
        return low
    done = (step - warm_up) / (max_steps - warm_up)
    return top * (1 + math.cos(math.pi * done)) / 2""",
            "it falls to 0 at max_steps, and behind it is a tenth",
        ),
        (
            """\
def rate(step, warm_up, max_steps, top):
    low = top / 10
    if step < warm_up:
        return top * step / warm_up
    if step > max_steps:
        return low
    done = (step - warm_up) // (max_steps - warm_up)
    return low + (top - low) * (1 + math.cos(math.pi * done)) / 2""",
            "the share of the way is a whole number, 0 or 1: // drops",
        ),
        (
            """\
def rate(step, warm_up, max_steps, top):
    low = top / 10
    if step < warm_up:
        return top * step / warm_up
    if step > max_steps:
        return low
    done = (step - warm_up) / max_steps
    return low + (top - low) * (1 + math.cos(math.pi * done)) / 2""",
            "the share is counted from the end of the warm-up, and",
        ),
        (
            """\
def rate(step, warm_up, max_steps, top):
    if step < warm_up:
        return top * step / warm_up
    if step >= max_steps - 1:
        return top / 10
    share = (step - warm_up) / (max_steps - warm_up)
    return top / 10 + 0.45 * top * (1 + math.cos(math.pi * share))""",
            "the step before max_steps has the last rate already",
        ),
        (
            """\
def rate(step, warm_up, max_steps, top):
    if step < warm_up:
        return top * step / warm_up
    if step > max_steps:
        return top / 10
    share = (step - warm_up) / (max_steps - warm_up)
    return top / 10 + 0.45 * top * (1 + math.cos(math.pi * share / 2))""",
            "the cosine stops half-way down, and behind max_steps",
        ),
        (
            """\
def rate(step, warm_up, max_steps, top):
    if step < warm_up:
        return top * step / warm_up
    if step > max_steps:
        return top / 10
    share = (step - warm_up) / (max_steps - warm_up)
    return top / 10 + 0.45 * top * (1 - math.cos(math.pi * share))""",
            "it rises from a tenth to top, and behind max_steps",
        ),
        (
            """\
def rate(step, warm_up, max_steps, top):
    if step < warm_up:
        return top * step / warm_up
    if step > max_steps:
        return top / 10
    share = (step - warm_up) / (max_steps - warm_up)
    return top / 10 + 0.45 * top * (1 + math.cos(2 * math.pi * share))""",
            "the cosine runs a whole wave, is back at top at max_steps",
        ),
        (
            """\
def rate(step, warm_up, max_steps, top):
    if step < warm_up:
        return top * step / warm_up
    if step > max_steps:
        return top / 10
    share = (step - warm_up) / (max_steps - warm_up)
    return top / 10 + 0.45 * top * (1 + math.cos(180 * share))""",
            "the angle is in degrees, and behind max_steps",
        ),
    ),
    "6.5": (
        (
            "times_read = 5000 * 64 * 256 / 2063345",
            "the part for validation is read as well",
        ),
        (
            "times_read = 5000 * 64 / (0.9 * 2063345)",
            "a sequence was counted as one character",
        ),
        (
            "times_read = 5000 * 256 / (0.9 * 2063345)",
            "a step was counted as one sequence",
        ),
        (
            "times_read = (0.9 * 2063345) / (5000 * 64 * 256)",
            "the ratio is upside down",
        ),
        (
            "times_read = 5000 * 64 * 256",
            "these are the characters it reads, not how often each",
        ),
        (
            "times_read = 5000 * 64 * 256 / (0.1 * 2063345)",
            "the tenth for validation was taken for the training part",
        ),
        (
            "times_read = 64 * 256 / (0.9 * 2063345)",
            "one step alone was counted",
        ),
        (
            "times_read = 0.9 * 5000 * 64 * 256 / 2063345",
            "nine tenths were taken of what is read, not of the text",
        ),
        (
            "times_read = 5000 * 64 * 255 / (0.9 * 2063345)",
            "a sequence was taken for 255 characters",
        ),
        (
            "times_read = 5000 * 32 * 256 / (0.9 * 2063345)",
            "the batch was taken for 32 sequences",
        ),
        (
            "times_read = 5000 * 64 * 257 / (0.9 * 2063345)",
            "a sequence was taken for 257 characters",
        ),
        ("times_read = 44", "44.000 is too coarse to tell"),
        (
            "times_read = 5000 / (0.9 * 2063345)",
            "a sequence was counted as one character, and the steps as",
        ),
        (
            "times_read = 5000 * 64 * 256 / (0.8 * 2063345)",
            "49.628 is too large, by less than a factor of three",
        ),
        (
            "times_read = 5000*64",
            "this is the number of sequences that are read",
        ),
        (
            "times_read = 5000*64*255/(.9*2063345)",
            "a sequence was taken for 255 characters",
        ),
        (
            "times_read = 4500",
            "this is nine tenths of the number of steps",
        ),
        (
            "times_read = 2063345*.9/5000",
            "the characters for training were divided by the steps",
        ),
        (
            "times_read = 1857010/5000",
            "the characters for training were divided by the steps",
        ),
        (
            "times_read = 81920000",
            "these are the characters it reads, not how often each",
        ),
        (
            "times_read = 5000*64*256*.9",
            "73,728,000 is much too large",
        ),
        (
            "times_read = 11.3",
            "It lies above 1, each character once",
        ),
    ),
    "6.6": (
        (evaluate(f"{LOSS}; return loss"), "dropout is still on"),
        (
            evaluate(f"model.eval(); {LOSS}; return loss"),
            "the model stays in eval mode, and trains without dropout",
        ),
        (
            evaluate(f"model.eval(); {LOSS}; model.train(); return loss"),
            "the model is always put into training mode at the end",
        ),
        (
            evaluate(f"model.train(); {LOSS}; model.eval(); return loss"),
            "two evaluations of one model differ",
        ),
        (
            evaluate(f"{LOSS}; model.eval(); return loss"),
            "two evaluations of one model differ",
        ),
        (
            evaluate(
                f"was = model.training; model.eval(); {LOSS}; model.training "
                f"= was; return loss"
            ),
            "only the model's own mode is put back, and its parts stay",
        ),
        (
            evaluate(f"torch.manual_seed(1337); {LOSS}; return loss"),
            "two evaluations agree, and the number is not the model's",
        ),
        (
            evaluate(
                f"was = model.training; model.eval(); {LOSS}; model.train(was)"
            ),
            "evaluate gives back None",
        ),
        (
            evaluate(
                "was = model.training; model.eval(); logits = model(inputs); "
                "model.train(was); return logits"
            ),
            "one number should come back, the loss, and this is (2, 8,",
        ),
        (
            evaluate(
                f"was = model.training; model.training = False; {LOSS}; "
                f"model.training = was; return loss"
            ),
            "dropout is still on",
        ),
        (
            evaluate(
                "return sum(next_token_loss(model(inputs), targets) for _ in "
                "range(10)) / 10"
            ),
            "two evaluations of one model differ",
        ),
        (
            evaluate(f"model.dropout.p = 0.0; {LOSS}; return loss"),
            "two evaluations of one model differ",
        ),
        (
            evaluate(
                "was = model.training; model.eval(); loss = "
                "next_token_loss(model(inputs), inputs); model.train(was); "
                "return loss"
            ),
            "the loss is taken against the inputs, not the targets",
        ),
        (
            evaluate(
                f"was = model.training; model.eval(); {LOSS}; "
                f"model.train(was); return loss.exp()"
            ),
            "the perplexity is given back, e to the loss",
        ),
        (
            evaluate(
                f"was = model.training; model.eval(); {LOSS}; "
                f"model.train(was); "
                f"[p.requires_grad_(False) for p in model.parameters()]; "
                f"return loss"
            ),
            "the model's parameters no longer ask for gradients afterwards",
        ),
        (
            evaluate(
                f"was = model.training; model.eval(); {LOSS}; "
                f"model.train(was); "
                f"[p.mul_(0.999) for p in model.parameters()]; return loss"
            ),
            "the model's weights are others afterwards",
        ),
        (
            evaluate(
                f"was = model.training; model.eval(); {LOSS}; "
                f"model.train(was); return loss * 2"
            ),
            "for a model without any dropout it gives",
        ),
        (
            """\
@torch.no_grad()
def evaluate(model, inputs, targets):
    losses = [next_token_loss(model(inputs), targets) for _ in range(10)]
    return torch.stack(losses).mean()""",
            "each asks the model 10 times in training mode",
        ),
        (
            """\
@torch.no_grad()
def evaluate(model, inputs, targets):
    return sum(next_token_loss(model(inputs), targets) for _ in range(100)) / 100""",
            "each asks the model 100 times in training mode",
        ),
        (
            """\
@torch.no_grad()
def evaluate(model, inputs, targets):
    was = model.training
    model.train()
    loss = torch.stack([next_token_loss(model(inputs), targets) for _ in range(20)]).mean()
    model.train(was)
    return loss""",
            "each asks the model 20 times in training mode",
        ),
        (
            """\
@torch.no_grad()
def evaluate(model, inputs, targets):
    logits = torch.stack([model(inputs) for _ in range(20)]).mean(0)
    return next_token_loss(logits, targets)""",
            "each asks the model 20 times in training mode",
        ),
        (
            """\
@torch.no_grad()
def evaluate(model, inputs, targets):
    torch.manual_seed(0)
    return next_token_loss(model(inputs), targets)""",
            "two evaluations agree, and the number is not the model's loss without",
        ),
        (
            """\
@torch.no_grad()
def evaluate(model, inputs, targets):
    torch.manual_seed(0)
    return torch.stack([next_token_loss(model(inputs), targets) for _ in range(20)]).mean()""",
            "two evaluations agree, and the number is not the model's loss without",
        ),
        (
            """\
@torch.no_grad()
def evaluate(model, inputs, targets):
    was = model.training
    model.eval()
    loss = next_token_loss(model(inputs), targets)
    model.train(was)
    return loss / 2""",
            "for a model without any dropout it gives 0.997 instead of 1.994: what is",
        ),
        (
            """\
@torch.no_grad()
def evaluate(model, inputs, targets):
    losses = [next_token_loss(model(inputs[n:n+1]), targets[n:n+1]) for n in range(len(inputs))]
    return torch.stack(losses).mean()""",
            "each asks the model 2 times in training mode",
        ),
    ),
    "6.7": (
        (
            model(f"{SIZES}, n_head=L, n_layer=H"),
            "heads and layers are still exchanged",
        ),
        (
            model(f"{SIZES}, n_head=H, n_layer=H"),
            "the number of heads is used for both",
        ),
        (
            model(f"{SIZES}, n_head=L, n_layer=L"),
            "the number of layers is used for both",
        ),
        (
            model(f"{SIZES}, n_head=4, n_layer=3"),
            "heads and layers are typed in, 4 and 3, so every call has",
        ),
        (
            model(
                "vocab_size=69, block_size=32, n_embed=24, n_head=4, n_layer=3"
            ),
            "all five numbers are typed in, so every call builds one",
        ),
        (
            model(
                "vocab_size=V, block_size=C, n_embed=T, n_head=H, n_layer=L"
            ),
            "block_size and n_embed were exchanged instead",
        ),
        (
            model(
                "vocab_size=T, block_size=V, n_embed=C, n_head=H, n_layer=L"
            ),
            "V and T were exchanged instead",
        ),
        (
            model(f"{SIZES}, n_head=H, n_layer=L - 1"),
            "n_layer is 1 and should be 2",
        ),
        (
            model(f"{SIZES}, n_head=H, n_layer=L, dropout=0.2"),
            "the model has a dropout of 0.2, which nobody asked for",
        ),
        (model("V, T, C, H, L"), "it stops with TypeError"),
        (
            "def model_of(V, T, C, H, L):\n    return ModelConfig(\n        "
            "vocab_size=V, block_size=T, n_embed=C, n_head=H, n_layer=L)\n",
            "a ModelConfig comes back, and no GPT is made of it yet",
        ),
        (
            "def model_of(V, T, C, H, L):\n    shape = ModelConfig(\n        "
            "vocab_size=V, block_size=T, n_embed=C, n_head=H, n_layer=L)\n    "
            "model = GPT(shape)\n",
            "model_of gives back None",
        ),
        (
            "def model_of(V, T, C, H, L):\n    return sum((V, T, C, H, L))\n",
            "a GPT should come back, and this is of type int",
        ),
    ),
}
