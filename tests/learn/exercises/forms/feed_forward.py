"""Right answers of chapter 4 that look unlike the solution."""

FORMS = {
    "4.1": (
        """\
def feed_forward_parameters(C):
    return 8 * C**2 + 5 * C
""",
        """\
def feed_forward_parameters(channels):
    wide = 4 * channels
    layers = nn.Linear(channels, wide), nn.Linear(wide, channels)
    return sum(p.numel() for layer in layers for p in layer.parameters())
""",
        """\
def feed_forward_parameters(C):
    total = 0.0
    for inputs, outputs in ((C, 4 * C), (4 * C, C)):
        total += inputs * outputs + outputs
    return total
""",
        """\
feed_forward_parameters = lambda C: torch.tensor(C * (8 * C + 5))
""",
    ),
    "4.2": (
        """\
def bump(z):
    return F.relu(z) - 2 * F.relu(z - 1) + F.relu(z - 2)
""",
        """\
def bump(z):
    heights = torch.tensor([1.0, -2.0, 1.0])
    bends = torch.tensor([0.0, 1.0, 2.0])
    return (heights * (z.unsqueeze(-1) - bends).relu()).sum(dim=-1)
""",
        """\
def bump(z):
    def neuron(bend, weight):
        return weight * torch.clamp(z - bend, min=0)

    return sum([neuron(0, 1), neuron(1, -2), neuron(2, 1)])
""",
        """\
def bump(z):
    hidden = nn.Linear(1, 3)
    out = nn.Linear(3, 1, bias=False)
    with torch.no_grad():
        hidden.weight[:] = 1.0
        hidden.bias[:] = torch.tensor([0.0, -1.0, -2.0])
        out.weight[:] = torch.tensor([[1.0, -2.0, 1.0]])
        return nn.Sequential(hidden, nn.ReLU(), out)(z[..., None])[..., 0]
""",
        """\
def bump(z):
    zero = torch.zeros_like(z)
    return (
        torch.maximum(z, zero)
        + torch.maximum(z - 2, zero)
        - torch.maximum(2 * z - 2, zero)
    )
""",
        """\
def bump(z):
    relu = lambda x: torch.where(x > 0, x, torch.zeros_like(x))
    return relu(z) - relu(z - 1) - relu(z - 1) + relu(z - 2)
""",
        """\
def bump(z):
    def relu(x):
        return x * (x > 0)

    y = relu(z)
    y = y - 2 * relu(z - 1)
    y = y + relu(z - 2)
    return y
""",
        """\
def bump(z):
    z = z.double()
    return z.relu() + (z - 1).relu() * -2.0 + (z - 2.0).relu()
""",
        """\
def bump(z):
    def one(v):
        return max(0.0, v) - 2 * max(0.0, v - 1) + max(0.0, v - 2)

    numbers = [one(v) for v in z.flatten().tolist()]
    return torch.tensor(numbers).reshape(z.shape)
""",
        """\
def bump(z):
    half = lambda x: (x + x.abs()) / 2
    return half(z) - 2 * half(z - 1) + half(z - 2)
""",
        """\
def bump(z):
    out = torch.zeros_like(z)
    for weight, bend in zip([1, -2, 1], [0, 1, 2]):
        neuron = z - bend
        neuron[neuron < 0] = 0
        out += weight * neuron
    return out
""",
        """\
def bump(z):
    return (z > 0) * z - 2 * (z > 1) * (z - 1) + (z > 2) * (z - 2)
""",
    ),
    "4.3": (
        """\
class Thinking(nn.Module):
    def __init__(self, n_embed):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(n_embed, 4 * n_embed),
            nn.ReLU(),
            nn.Linear(4 * n_embed, n_embed),
        )

    def forward(self, x):
        return self.net(x)
""",
        """\
class Thinking(nn.Module):
    def __init__(self, n_embed):
        super().__init__()
        self.fc2 = nn.Linear(4 * n_embed, n_embed)
        self.fc1 = nn.Linear(n_embed, 4 * n_embed)

    def forward(self, x):
        hidden = F.relu(self.fc1(x))
        return self.fc2(hidden)
""",
        """\
class Thinking(nn.Module):
    def __init__(self, n_embed):
        super().__init__()
        self.expand = nn.Linear(n_embed, 4 * n_embed)
        self.contract = nn.Linear(4 * n_embed, n_embed)

    def forward(self, x):
        return self.contract(self.expand(x).clamp(min=0))
""",
        """\
class Thinking(nn.Sequential):
    def __init__(self, n_embed):
        super().__init__(
            nn.Linear(n_embed, 4 * n_embed),
            nn.ReLU(inplace=True),
            nn.Linear(4 * n_embed, n_embed),
        )
""",
        """\
class Thinking(nn.Module):
    def __init__(self, n_embed):
        super().__init__()
        self.layers = nn.ModuleList(
            [nn.Linear(n_embed, 4 * n_embed), nn.Linear(4 * n_embed, n_embed)]
        )

    def forward(self, x):
        rows = x.reshape(-1, x.shape[-1])
        rows = torch.maximum(self.layers[0](rows), torch.zeros(()))
        return self.layers[1](rows).reshape(x.shape)
""",
    ),
    "4.4": (
        """\
def dead_neurons(on):
    return (on.sum(dim=(0, 1)) == 0).sum()
""",
        """\
def dead_neurons(on):
    count = 0
    for n in range(on.shape[-1]):
        if not (on[:, :, n] > 0).any():
            count += 1
    return count
""",
        """\
def dead_neurons(on):
    return int((on.amax(dim=(0, 1)) <= 0).sum().item())
""",
        """\
def dead_neurons(on):
    B, T, N = on.shape
    return N - len(on.view(B * T, N).nonzero()[:, 1].unique())
""",
        """\
def dead_neurons(on):
    dead = (on == 0).all(dim=1).all(dim=0)
    return dead.float().sum()
""",
        """\
def dead_neurons(on):
    alive = set()
    for row in on.tolist():
        for token in row:
            alive |= {n for n, height in enumerate(token) if height}
    return on.size(2) - len(alive)
""",
    ),
    "4.5": (
        """\
def favourites(head, contract, neuron, k):
    return (head @ contract).softmax(0)[:, neuron].topk(k).indices""",
        """\
def favourites(head, contract, neuron, k):
    votes = torch.einsum("vc,c->v", head, contract[:, neuron])
    return votes.sort(descending=True).indices[:k].tolist()
""",
        """\
def favourites(head, contract, neuron, k):
    V = head.shape[0]
    votes = [float((head[v] * contract[:, neuron]).sum()) for v in range(V)]
    return sorted(range(V), key=votes.__getitem__, reverse=True)[:k]
""",
        """\
def favourites(head, contract, neuron, k):
    every = contract.mT @ head.mT
    return torch.argsort(-every[neuron])[:k]
""",
        """\
def favourites(head, contract, neuron, k):
    chances = F.linear(contract.T[neuron], head).softmax(dim=-1).log()
    _, tokens = torch.topk(chances, k)
    return tuple(int(t) for t in tokens)
""",
    ),
}
