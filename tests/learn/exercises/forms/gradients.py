"""Right answers to the exercises of chapter 0, as others write them."""

FORMS: dict[str, tuple[str, ...]] = {
    "0.1": (
        """\
def slopes(f, weights, h):
    def moved(n, by):
        return [w + by * (n == m) for m, w in enumerate(weights)]
    return [(f(moved(n, h)) - f(moved(n, -h))) / (2 * h) for n in range(len(weights))]""",
        """\
def slopes(f, weights, h):
    W = torch.tensor(weights, dtype=torch.float64)
    steps = h * torch.eye(len(weights), dtype=torch.float64)
    return torch.tensor([(f((W + s).tolist()) - f((W - s).tolist())) / (2 * h) for s in steps])""",
        """\
def slopes(f, weights, h):
    out = []
    for n, w in enumerate(weights):
        up = weights[:n] + [w + h] + weights[n + 1:]
        down = weights[:n] + [w - h] + weights[n + 1:]
        out.append(f(up) / (2 * h) - f(down) / (2 * h))
    return tuple(out)""",
        """\
def slopes(f, weights, h):
    result = {}
    for n in range(len(weights)):
        mine = copy.copy(weights)
        mine[n] = weights[n] + h
        high = f(mine)
        mine[n] = weights[n] - h
        result[n] = (high - f(mine)) / h / 2
    return list(result.values())""",
    ),
    "0.2": (
        """\
def deviations(table):
    return table - table.mean(1)[:, None]""",
        """\
def deviations(table):
    return (table.T - table.mean(dim=1)).T""",
        """\
def deviations(table):
    R, C = table.shape
    return table - table.sum(dim=-1).view(R, 1) / C""",
        """\
def deviations(table):
    return torch.stack([row - row.mean() for row in table])""",
        """\
def deviations(table):
    C = table.shape[1]
    return table @ (torch.eye(C) - torch.ones(C, C) / C)""",
    ),
    "0.3": (
        """\
def minus(a, b):
    return Value(a.number - b.number, ((a, 1), (b, -1)))""",
        """\
def minus(a, b):
    return Value(a.number - b.number, ((b, -1.0), (a, 1.0)))""",
        """\
def minus(a, b):
    return a - b""",
        """\
def minus(a, b):
    return a + b * -1""",
        """\
def minus(a, b):
    made = Value(a.number - b.number)
    made.made_of = [(a, 1.0), (b, -1.0)]
    made.place = 1 + max(a.place, b.place)
    return made""",
    ),
    "0.4": (
        """\
def backward(last):
    last.slope = 1.0
    for value in tape(last)[::-1]:
        for source, local in value.made_of:
            source.slope = source.slope + value.slope * local""",
        """\
def backward(last):
    last.backward()""",
        """\
def backward(last):
    arrived = {value: 0.0 for value in tape(last)}
    arrived[last] = 1.0
    for value in reversed(tape(last)):
        value.slope = arrived[value]
        for source, local in value.made_of:
            arrived[source] += local * value.slope""",
        """\
def backward(last):
    def hand_on(value, slope):
        value.slope += slope
        for source, local in value.made_of:
            hand_on(source, slope * local)
    hand_on(last, 1.0)""",
        """\
def backward(last):
    todo = tape(last)
    last.slope = 1.0
    while todo:
        value = todo.pop()
        for pair in value.made_of:
            pair[0].slope += pair[1] * value.slope""",
    ),
    "0.5": (
        """\
def step_downhill(weights, loss_of, learning_rate):
    for w in weights:
        w.slope = 0
    loss = loss_of(weights)
    loss.backward()
    for w in weights:
        w.number -= learning_rate * w.slope
    return loss.number""",
        """\
def step_downhill(weights, loss_of, learning_rate):
    before = [w.slope for w in weights]
    loss = loss_of(weights)
    loss.backward()
    for w, old in zip(weights, before):
        w.number -= learning_rate * (w.slope - old)
        w.slope -= old
    return loss.number""",
        """\
def step_downhill(weights, loss_of, learning_rate):
    loss = loss_of(weights)
    [setattr(w, "slope", 0.0) for w in weights]
    loss.backward()
    for n in range(len(weights)):
        weights[n].number = weights[n].number - weights[n].slope * learning_rate
    return loss.number""",
        """\
def step_downhill(weights, loss_of, learning_rate):
    loss = loss_of(weights)
    for w in weights:
        w.slope *= 0
    loss.backward()
    for w in weights:
        w.number += -learning_rate * w.slope
        w.slope = 0.0
    return float(loss.number)""",
    ),
    "0.6": (
        """\
def in_order(last):
    found, waiting = {last}, [last]
    while waiting:
        for source, _ in waiting.pop().made_of:
            if source not in found:
                found.add(source)
                waiting.append(source)
    return sorted(found, key=lambda v: v.place)""",
        """\
def in_order(last):
    done = []
    def visit(value):
        if value not in done:
            for source, _ in value.made_of:
                visit(source)
            done.append(value)
    visit(last)
    return done""",
        """\
def in_order(last):
    found, layer = [], [last]
    while layer:
        found = [v for v in found if v not in layer] + list(dict.fromkeys(layer))
        layer = [s for v in dict.fromkeys(layer) for s, _ in v.made_of]
    return found[::-1]""",
        """\
def in_order(last):
    found = [last]
    for value in found:
        found += [s for s, _ in value.made_of if s not in found]
    found = list(dict.fromkeys(found))
    found.sort(key=lambda v: -v.place)
    found.reverse()
    return found""",
    ),
}
