"""Wrong answers to the exercises of chapter 0, and what is said of them."""

MISTAKES: dict[str, tuple[tuple[str, str], ...]] = {
    "0.1": (
        (
            """\
def slopes(f, weights, h):
    return [(f(weights + h) - f(weights - h)) / (2 * h)]""",
            "can only concatenate list",
        ),
        (
            """\
def slopes(f, weights, h):
    result = []
    for w in weights:
        result.append((f(w + h) - f(w - h)) / (2 * h))
    return result""",
            "'float' object is not subscriptable",
        ),
        (
            """\
def slopes(f, weights, h):
    result = []
    base = f(weights)
    for n in range(len(weights)):
        moved = list(weights)
        moved[n] += h
        result.append((f(moved) - base) / h)
    return result""",
            "only the step to the right is taken",
        ),
        (
            """\
def slopes(f, weights, h):
    result = []
    for n in range(len(weights)):
        weights[n] += h
        up = f(weights)
        weights[n] -= 2 * h
        down = f(weights)
        result.append((up - down) / (2 * h))
    return result""",
            "the result is right, but the input was changed",
        ),
        (
            """\
def slopes(f, weights, h):
    result = []
    for n in range(len(weights)):
        up, down = list(weights), list(weights)
        up[n] += h
        down[n] -= h
        result.append((f(up) - f(down)) / h)
    return result""",
            "divided by h, and the two points are 2 h apart",
        ),
        (
            """\
def slopes(f, weights, h):
    result = []
    for n in range(len(weights)):
        up, down = list(weights), list(weights)
        up[n] += h
        down[n] -= h
        result.append((f(down) - f(up)) / (2 * h))
    return result""",
            "left and right are exchanged",
        ),
        (
            """\
def slopes(f, weights, h):
    result = []
    for n in range(len(weights)):
        up, down = list(weights), list(weights)
        up[n] += h
        down[n] -= h
        result.append((f(up) - f(down)) / 2 * h)
    return result""",
            "divided by 2 and then multiplied by h",
        ),
        (
            """\
def slopes(f, weights, h):
    up = [w + h for w in weights]
    down = [w - h for w in weights]
    return (f(up) - f(down)) / (2 * h)""",
            "the result has the shape () instead of (2,)",
        ),
        (
            """\
def slopes(f, weights, h):
    result = []
    for n in range(len(weights)):
        up, down = list(weights), list(weights)
        up[n] += h
        down[n] -= h
        result.append((f(up) - f(down)) / (2 * h))""",
            "slopes gives back None",
        ),
        (
            """\
def slopes(f, weights, h):
    h = 1e-6
    result = []
    for n in range(len(weights)):
        up, down = list(weights), list(weights)
        up[n] += h
        down[n] -= h
        result.append((f(up) - f(down)) / (2 * h))
    return result""",
            "3.000 instead of 3.250",
        ),
        (
            """\
def slopes(f, weights, h):
    result = []
    for n in range(len(weights)):
        up, down = list(weights), list(weights)
        up[n] += h / 2
        down[n] -= h / 2
        result.append((f(up) - f(down)) / h)
    return result""",
            "3.062 instead of 3.250",
        ),
        (
            """\
def slopes(f, weights, h):
    out = []
    for i in range(len(weights)):
        w = weights
        w[i] = w[i] + h
        a = f(w)
        w[i] = w[i] - h
        out.append((a - f(w)) / h)
    return out""",
            "only the step to the right is taken, from the weights as",
        ),
        (
            """\
def slopes(f, weights, h):
    out = []
    for i in range(len(weights)):
        up = list(weights); up[i] += h
        down = list(weights); down[i] -= h
        out.append(f(up) - f(down) / (2 * h))
    return out""",
            "only the second evaluation is divided by 2 h: a product or",
        ),
        (
            """\
def slopes(f, weights, h):
    out = []
    for i in range(len(weights)):
        up = list(weights)
        up[i] += h
        down = list(weights)
        down[i] -= h
        out.append((f(up) - f(down)) // (2 * h))
    return out""",
            "the division drops what is behind the point",
        ),
        (
            """\
def slopes(f, weights, h):
    out = []
    for i in range(len(weights)):
        up = list(weights)
        up[i] += h
        down = list(weights)
        down[i] -= h
        out.append((abs(f(up) - f(down))) / (2 * h))
    return out""",
            "the signs are lost",
        ),
    ),
    "0.2": (
        (
            """\
def deviations(table):
    return table - table.mean(dim=1)""",
            "the means have lost their axis",
        ),
        (
            """\
def deviations(table):
    return table - table.mean()""",
            "one mean of the whole table",
        ),
        (
            """\
def deviations(table):
    return table - table.mean(dim=0)""",
            "the means are those of the columns",
        ),
        (
            """\
def deviations(table):
    return table - table.mean(dim=1, keepdims=False)""",
            "the means have lost their axis",
        ),
        (
            """\
def deviations(table):
    return table - table.sum(dim=1, keepdim=True)""",
            "the sum of the row is subtracted",
        ),
        (
            """\
def deviations(table):
    return table.mean(dim=1, keepdim=True)""",
            "the means themselves come out",
        ),
        (
            """\
def deviations(table):
    return (table - table.mean(dim=1, keepdim=True)).abs()""",
            "the signs are lost",
        ),
        (
            """\
def deviations(table):
    return table.std(dim=1, keepdim=True)""",
            "has the shape (3, 1) instead of (3, 3)",
        ),
        (
            """\
def deviations(table):
    return F.layer_norm(table, table.shape[1:])""",
            "right only at row 2",
        ),
        (
            """\
def deviations(table):
    for row in table:
        row -= row.mean()
    return table""",
            "the table that was given is written over",
        ),
        (
            """\
def deviations(table):
    return table - sum(table) / len(table)""",
            "the means are those of the columns",
        ),
        (
            """\
def deviations(table):
    return table - table.sum(dim=1, keepdim=True) / table.shape[0]""",
            "the sum of each row is divided by the number of rows",
        ),
    ),
    "0.3": (
        (
            """\
def minus(a, b):
    return Value(a.number - b.number, ((a, 1.0), (b, 1.0)))""",
            "still the sign of a sum",
        ),
        (
            """\
def minus(a, b):
    return Value(a.number + b.number, ((a, 1.0), (b, -1.0)))""",
            "the number is a sum now",
        ),
        (
            """\
def minus(a, b):
    return Value(a.number - b.number, ((a, -1.0), (b, 1.0)))""",
            "the wrong one of the two was turned",
        ),
        (
            """\
def minus(a, b):
    return Value(a.number - b.number, ((a, -1.0), (b, -1.0)))""",
            "both slopes are negative now",
        ),
        (
            """\
def minus(a, b):
    return Value(a.number - b.number, (a, b))""",
            "cannot unpack non-iterable Value",
        ),
        (
            """\
def minus(a, b):
    return a.number - b.number""",
            "and it is of type float",
        ),
        (
            """\
def minus(a, b):
    return Value(a.number - b.number)""",
            "not noted at all",
        ),
        (
            """\
def minus(a, b):
    return Value(a.number - b.number, ((a, 1.0), (b, -b.number)))""",
            "the slope towards b is -b",
        ),
        (
            """\
def minus(a, b):
    return Value(b.number - a.number, ((a, -1.0), (b, 1.0)))""",
            "number and slopes are those of b - a",
        ),
        (
            """\
def minus(a, b):
    Value(a.number - b.number, ((a, 1.0), (b, -1.0)))""",
            "minus gives back None",
        ),
        (
            """\
def minus(a, b):
    return Value(a.number - b.number, ((a, 1.0), (b, -2.0)))""",
            "changes by -1, and the local slope towards b is -2",
        ),
    ),
    "0.4": (
        (
            """\
def backward(last):
    last.slope = 1.0
    for value in tape(last):
        for source, local in value.made_of:
            source.slope += local * value.slope""",
            "only the loss itself passes on",
        ),
        (
            """\
def backward(last):
    for value in reversed(tape(last)):
        for source, local in value.made_of:
            source.slope += local * value.slope""",
            "nobody passes on the first 1",
        ),
        (
            """\
def backward(last):
    last.slope = 1.0
    for value in reversed(tape(last)):
        for source, local in value.made_of:
            source.slope += local""",
            "what has arrived at the value is left out",
        ),
        (
            """\
def backward(last):
    last.slope = 1.0
    for value in reversed(tape(last)):
        for source, local in value.made_of:
            source.slope += value.slope""",
            "the local slope is left out",
        ),
        (
            """\
def backward(last):
    last.slope = 1.0
    for value in reversed(tape(last)):
        for source, local in value.made_of:
            source.slope =+ local * value.slope""",
            "a slope is still replaced",
        ),
        (
            """\
def backward(last):
    last.slope = 1.0
    for value in reversed(tape(last)):
        for source, local in value.made_of:
            source.slope *= local * value.slope""",
            "nothing reaches the sources",
        ),
        (
            """\
def backward(last):
    last.slope = 1.0
    for value in reversed(tape(last)):
        for source, local in value.made_of:
            source.slope += local * value.number""",
            "the number of a value is passed on",
        ),
        (
            """\
def backward(last):
    last.slope = 1.0
    for value in reversed(tape(last)):
        for source, local in value.made_of:
            source.slope += local * value.slope
            break""",
            "only the first source of each value",
        ),
        (
            """\
def backward(last):
    last.slope += 1.0
    for value in reversed(tape(last)):
        value.slope = 0.0
        for source, local in value.made_of:
            source.slope += local * value.slope""",
            "nobody passes on the first 1",
        ),
        (
            """\
def backward(last):
    last.slope = 1.0
    for value in reversed(tape(last)):
        for source, local in value.made_of:
            source.slope += local * last.slope""",
            "what has arrived at the value is left out",
        ),
        (
            """\
def backward(last):
    last.slope = 1.0
    for value in reversed(last):
        for source, local in value.made_of:
            source.slope += local * value.slope""",
            "'Value' object is not reversible",
        ),
        (
            """\
def backward(last):
    last.slope += 1.0
    for value in reversed(tape(last)):
        for source, local in set(value.made_of):
            source.slope += local * value.slope""",
            "in a set x * x has x only once",
        ),
        (
            """\
def backward(last):
    last.slope = 1.0
    for value in reversed(tape(last)):
        for source, local in value.made_of:
            source.slope += source.slope + local * value.slope""",
            "the slope that stands there is added to itself as well",
        ),
        (
            """\
def backward(last):
    last.slope = 1.0
    for value in reversed(tape(last)):
        for source, local in value.made_of:
            source.slope = 2 * local * value.slope""",
            "each share is handed on twice",
        ),
        (
            """\
def backward(last):
    last.slope = 1.0
    for value in reversed(tape(last)):
        value.slope = 0.0
        for source, local in value.made_of:
            source.slope += local * value.slope""",
            "or erased before its turn",
        ),
        (
            """\
def backward(last):
    last.slope = 1.0
    for value in reversed(tape(last)):
        for source, local in value.made_of:
            source.slope += local * value.slope / 2""",
            "and it has 3.000, 1 / 2 times as much",
        ),
        (
            """\
def backward(last):
    last.slope = 1.0
    for value in reversed(tape(last)):
        for source, local in value.made_of:
            source.slope += value.slope * value.number""",
            "the value's number stands in the place of the local slope",
        ),
        (
            """\
def backward(last):
    last.slope = 1.0
    for value in reversed(tape(last)):
        for source, local in value.made_of:
            source.slope += local * value.slope
            value.slope = 0.0""",
            "erased as soon as its first source has its share",
        ),
        (
            """\
def backward(last):
    last.slope = 1.0
    for value in reversed(tape(last)):
        for source, local in value.made_of:
            if source.slope == 0:
                source.slope = local * value.slope""",
            "the first to arrive stays, and what comes after it is dropped",
        ),
    ),
    "0.5": (
        (
            """\
def step_downhill(weights, loss_of, learning_rate):
    for weight in weights:
        weight.slope = 0.0
    loss = loss_of(weights)
    loss.backward()
    for weight in weights:
        weight.number -= learning_rate * weight.slope
    return loss""",
            "the loss comes back as a Value: its number is wanted",
        ),
        (
            """\
def step_downhill(weights, loss_of, learning_rate):
    loss = loss_of(weights)
    loss.backward()
    for weight in weights:
        weight.number -= learning_rate * weight.slope
        weight.slope = 0.0
    return loss.number""",
            "the slopes are erased at the end",
        ),
        (
            """\
def step_downhill(weights, loss_of, learning_rate):
    loss = loss_of(weights)
    loss.backward()
    for weight in weights:
        weight.slope = 0.0
        weight.number -= learning_rate * weight.slope
    return loss.number""",
            "the slopes are 0 when the step is taken",
        ),
        (
            """\
def step_downhill(weights, loss_of, learning_rate):
    loss = loss_of(weights)
    loss.slope = 0.0
    loss.backward()
    for weight in weights:
        weight.number -= learning_rate * weight.slope
    return loss.number""",
            "the slopes are still never erased",
        ),
        (
            """\
def step_downhill(weights, loss_of, learning_rate):
    weights.slope = 0.0
    loss = loss_of(weights)
    loss.backward()
    for weight in weights:
        weight.number -= learning_rate * weight.slope
    return loss.number""",
            "'list' object has no attribute 'slope'",
        ),
        (
            """\
def step_downhill(weights, loss_of, learning_rate):
    for weight in weights:
        weight.number = 0.0
    loss = loss_of(weights)
    loss.backward()
    for weight in weights:
        weight.number -= learning_rate * weight.slope
    return loss.number""",
            "the first call gives back 9.000",
        ),
        (
            """\
def step_downhill(weights, loss_of, learning_rate):
    for weight in weights:
        weight.slope = 0.0
    loss = loss_of(weights)
    loss.backward()
    for weight in weights:
        weight.number += learning_rate * weight.slope
    return loss.number""",
            "the step goes uphill",
        ),
        (
            """\
def step_downhill(weights, loss_of, learning_rate):
    for weight in weights:
        weight.slope = 0.0
    loss = loss_of(weights)
    loss.backward()
    for weight in weights:
        weight.number -= learning_rate * weight.slope
    return loss_of(weights).number""",
            "is the one after the step",
        ),
        (
            """\
def step_downhill(weights, loss_of, learning_rate):
    for weight in weights:
        weight.slope = 0.0
    loss = loss_of(weights)
    loss.backward()
    for weight in weights:
        weight.number -= learning_rate * weight.slope""",
            "call 1 of step_downhill gives back None",
        ),
        (
            """\
def step_downhill(weights, loss_of, learning_rate):
    for weight in weights:
        weight.slope = 0.0
    loss = loss_of(weights)
    for weight in weights:
        weight.number -= learning_rate * weight.slope
    return loss.number""",
            "or never computed",
        ),
        (
            """\
def step_downhill(weights, loss_of, learning_rate):
    for weight in weights:
        weight.slope = 0.0
        loss = loss_of(weights)
        loss.backward()
        weight.number -= learning_rate * weight.slope
    return loss.number""",
            "the first call gives back 7.400",
        ),
        (
            """\
def step_downhill(weights, loss_of, learning_rate):
    for weight in weights:
        weight.slope = 0.0
    loss = loss_of(weights)
    loss.backward()
    for weight in weights:
        weight.number -= weight.slope
    return loss.number""",
            "the learning rate is left out",
        ),
        (
            """\
def step_downhill(weights, loss_of, learning_rate):
    loss = loss_of(weights)
    loss.backward()
    for weight in weights:
        weight.number -= learning_rate * weight.slope
    weight.slope = 0.0
    return loss.number""",
            "only the last weight's slope is erased, after the step",
        ),
        (
            """\
def step_downhill(weights, loss_of, learning_rate):
    for weight in weights:
        weight.slope = 0.0
    loss = loss_of(weights)
    loss.backward()
    for weight in weights:
        weight.number -= learning_rate * weight.slope / 2
    return loss.number""",
            "whatever was in the slopes before: look at how far",
        ),
        (
            """\
def step_downhill(weights, loss_of, learning_rate):
    loss = loss_of(weights)
    loss.backward()
    for weight in weights:
        weight.number -= learning_rate * weight.slope
        weight.slope = 0.0
        weight.number = 0.0
    return loss.number""",
            "the weights are set to 0 after the step",
        ),
        (
            """\
def step_downhill(weights, loss_of, learning_rate):
    weights = [type(w)(w.number) for w in weights]
    loss = loss_of(weights)
    loss.backward()
    for weight in weights:
        weight.number -= learning_rate * weight.slope
    return loss.number""",
            "the weights of the list do not move",
        ),
        (
            """\
def step_downhill(weights, loss_of, learning_rate):
    loss = loss_of(weights)
    for w in weights:
        w.slope = 0.0
    loss.backward()
    for weight in weights:
        weight.number -= 2 * learning_rate * weight.slope
        weight.slope = 0.0
    return loss.number""",
            "the step is twice as long",
        ),
    ),
    "0.6": (
        (
            """\
def in_order(last):
    found = []
    waiting = [last]
    while waiting:
        value = waiting.pop(0)
        if value not in found:
            found.append(value)
            waiting += [source for source, _ in value.made_of]
    return found""",
            "the newest value comes first",
        ),
        (
            """\
def in_order(last):
    found = []
    waiting = [last]
    while waiting:
        value = waiting.pop(0)
        if value not in found:
            found.append(value)
            waiting += [source for source, _ in value.made_of]
    return sorted(found)""",
            "'<' not supported between",
        ),
        (
            """\
def in_order(last):
    found = []
    waiting = [last]
    while waiting:
        value = waiting.pop(0)
        if value not in found:
            found.append(value)
            waiting += [source for source, _ in value.made_of]
    return sorted(found, key=lambda value: -value.place)""",
            "the newest value comes first",
        ),
        (
            """\
def in_order(last):
    found = []
    waiting = [last]
    while waiting:
        value = waiting.pop(0)
        if value not in found:
            found.append(value)
            waiting += [source for source, _ in value.made_of]
    return sorted(found, key=lambda value: value.number)""",
            "sorted by their numbers",
        ),
        (
            """\
def in_order(last):
    found = []
    waiting = [last]
    while waiting:
        value = waiting.pop(0)
        found.append(value)
        waiting += [source for source, _ in value.made_of]
    return sorted(found, key=lambda value: value.place)""",
            "stands on the tape twice",
        ),
        (
            """\
def in_order(last):
    found = []
    waiting = [last]
    while waiting:
        value = waiting.pop(0)
        if value not in found:
            found.append(value)
            waiting += value.made_of
    return sorted(found, key=lambda value: value.place)""",
            "'tuple' object has no attribute 'made_of'",
        ),
        (
            """\
def in_order(last):
    found = []
    waiting = [last]
    while waiting:
        value = waiting.pop(0)
        if value not in found:
            found.append(value)
            waiting += [source for source, _ in value.made_of]
    found.sort(key=lambda value: value.place)""",
            "in_order gives back None",
        ),
        (
            """\
def in_order(last):
    found = []
    waiting = [last]
    while waiting:
        value = waiting.pop(0)
        if value not in found:
            found.append(value.number)
            waiting += [source for source, _ in value.made_of]
    return found[::-1]""",
            "something of type float",
        ),
        (
            """\
def in_order(last):
    return [last] + [source for source, _ in last.made_of]""",
            "two evaluations give x the slope 14.000, and it has 0.000",
        ),
        (
            """\
def in_order(last):
    found = []
    waiting = [source for source, _ in last.made_of]
    while waiting:
        value = waiting.pop(0)
        if value not in found:
            found.append(value)
            waiting += [source for source, _ in value.made_of]
    return sorted(found, key=lambda value: value.place)""",
            "the loss itself is missing on the tape",
        ),
        (
            """\
def in_order(last):
    found = []
    waiting = [last]
    while waiting:
        value = waiting.pop()
        if value not in found:
            found.append(value)
            waiting += [source for source, _ in value.made_of]
    return sorted(found, key=lambda value: len(value.made_of))""",
            "how many sources they have",
        ),
        (
            """\
def in_order(last):
    found = []
    waiting = [last]
    while waiting:
        value = waiting.pop()
        if value not in found:
            found.append(value)
            waiting += [source for source, _ in value.made_of]
    return found[::-1]""",
            "stand before a value that they were made of",
        ),
        (
            """\
def in_order(last):
    found = []
    def walk(value):
        for source, _ in value.made_of:
            walk(source)
        found.append(value)
    walk(last)
    return found""",
            "values stand on the tape of",
        ),
        (
            """\
def in_order(last):
    found = []
    waiting = [last]
    while waiting:
        value = waiting.pop(0)
        if value in found:
            found.remove(value)
            found.append(value)
        else:
            found.append(value)
            waiting += [source for source, _ in value.made_of]
    return found[::-1]""",
            "a value that is found again moves to its new place",
        ),
    ),
}
