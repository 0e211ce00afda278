"""Right answers to the exercises of chapter 3, as others write them."""

FORMS: dict[str, tuple[str, ...]] = {
    "3.1": (
        "def multi_head_parameters(C, H): return 4 * C * C + C",
        """\
def multi_head_parameters(C, H):
    heads = [nn.Linear(C, C // H, bias=False) for _ in range(3 * H)]
    layers = nn.ModuleList([*heads, nn.Linear(C, C)])
    return sum(p.numel() for p in layers.parameters())""",
        """\
def multi_head_parameters(C, H):
    return H * (3 * C * (C / H)) + (C + 1) * C""",
        """\
def multi_head_parameters(C, H):
    total = torch.tensor(C)
    for h in range(H):
        total = total + 3 * C * (C // H)
    return total + C**2""",
    ),
    "3.2": (
        """\
def to_heads(x, H):
    return torch.stack(x.chunk(H, dim=-1), dim=1)""",
        """\
def to_heads(x, H):
    return x.unflatten(-1, (H, -1)).permute(0, 2, 1, 3)""",
        """\
def to_heads(x, H):
    B, T, C = x.shape
    D = C // H
    out = torch.empty(B, H, T, D, dtype=torch.float64)
    for h in range(H):
        out[:, h] = x[:, :, h * D : (h + 1) * D]
    return out""",
        """\
def to_heads(x, H):
    B, T, C = x.shape
    return torch.einsum("bthd->bhtd", x.reshape(B, T, H, -1)).contiguous()""",
        """\
def to_heads(x, H):
    D = len(x[0, 0]) // H
    return [
        [[row[h * D : h * D + D] for row in text] for h in range(H)]
        for text in x.tolist()
    ]""",
    ),
    "3.3": (
        """\
def from_heads(found):
    return torch.cat(found.unbind(1), dim=-1)""",
        """\
def from_heads(found):
    return found.permute(0, 2, 1, 3).flatten(2)""",
        """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.transpose(1, 2).contiguous().view(B, T, -1)""",
        """\
def from_heads(found):
    B, H, T, D = found.shape
    out = torch.zeros(B, T, H * D)
    for h in range(H):
        for d in range(D):
            out[:, :, h * D + d] = found[:, h, :, d]
    return out""",
        """\
def from_heads(found):
    return [
        [sum((head[t] for head in text), []) for t in range(len(text[0]))]
        for text in found.tolist()
    ]""",
    ),
    "3.4": (
        """\
def rearrange(layer, order):
    C = layer.proj.weight.shape[0]
    twin = MultiHead(C, len(order), layer.heads[0].block_size)
    D = C // len(order)
    with torch.no_grad():
        twin.proj.bias.copy_(layer.proj.bias)
        for n, h in enumerate(order):
            twin.heads[n].load_state_dict(layer.heads[h].state_dict())
            mine, old = slice(n * D, n * D + D), slice(h * D, h * D + D)
            twin.proj.weight[:, mine] = layer.proj.weight[:, old]
    return twin""",
        """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    for n, h in enumerate(order):
        twin.heads[n] = copy.deepcopy(layer.heads[h])
    C = twin.proj.weight.shape[0]
    strips = layer.proj.weight.data.view(C, len(order), -1)
    twin.proj.weight.data = strips[:, order].reshape(C, C)
    return twin""",
        """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    D = layer.proj.in_features // len(order)
    old = layer.state_dict()
    new = {"proj.bias": old["proj.bias"]}
    columns = [h * D + d for h in order for d in range(D)]
    new["proj.weight"] = old["proj.weight"][:, columns]
    for n, h in enumerate(order):
        for part in ("query", "key", "value"):
            name = f"{part}.weight"
            new[f"heads.{n}.{name}"] = old[f"heads.{h}.{name}"]
    twin.load_state_dict(new)
    return twin.double().float()""",
        """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    D = twin.heads[0].query.weight.shape[0]
    turn = torch.zeros(len(order) * D, len(order) * D)
    for n, h in enumerate(order):
        turn[h * D : h * D + D, n * D : n * D + D] = torch.eye(D)
    twin.heads = nn.ModuleList([twin.heads[h] for h in order])
    with torch.no_grad():
        twin.proj.weight.copy_(twin.proj.weight @ turn)
    return twin""",
    ),
    "3.5": (
        """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.n_head = n_head
        for h in range(n_head):
            setattr(self, f"h{h}", Head(n_embed, D, block_size))
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        found = [getattr(self, f"h{h}")(x) for h in range(self.n_head)]
        return self.proj(torch.cat(found, dim=2))""",
        """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = [Head(n_embed, D, block_size) for _ in range(n_head)]
        for n, head in enumerate(self.heads):
            self.add_module(f"head{n}", head)
        self.mix = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        return self.mix(torch.cat([head(x) for head in self.heads], -1))""",
        """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        heads = {}
        for n in range(n_head):
            heads[str(n)] = Head(n_embed, n_embed // n_head, block_size)
        self.look = nn.ModuleDict(heads)
        self.out = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        strips = self.out.weight.chunk(len(self.look), dim=1)
        total = self.out.bias
        for head, strip in zip(self.look.values(), strips):
            total = total + head(x) @ strip.T
        return total""",
        """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.n_head = n_head
        self.qkv = nn.Linear(n_embed, 3 * n_embed, bias=False)
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = (
            part.view(B, T, self.n_head, -1).transpose(1, 2)
            for part in self.qkv(x).chunk(3, dim=-1)
        )
        found = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.proj(found.transpose(1, 2).reshape(B, T, C))""",
    ),
}
