"""Wrong answers to the exercises of chapter 3, and what is said of them."""

MISTAKES: dict[str, tuple[tuple[str, str], ...]] = {
    "3.1": (
        (
            "def multi_head_parameters(C, H): return 3 * C * C",
            "the projection is forgotten",
        ),
        (
            "def multi_head_parameters(C, H): return 3 * C * C + C * C",
            "the bias of the projection is forgotten",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return H * 3 * C * C + C * C + C""",
            "each head is C wide",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return 3 * C * (C // H) + C * C + C""",
            "the heads come to 3 x C x D in all",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return H * 3 * (C * (C // H) + C // H) + C * C + C""",
            "queries",
        ),
        (
            "def multi_head_parameters(C, H): return 2 * C * C + C * C + C",
            "one matrix of C x C is missing",
        ),
        (
            "def multi_head_parameters(C, H): return H * (4 * C * C + C)",
            "each head is C wide",
        ),
        (
            "def multi_head_parameters(C, H): return 4 * C * C + 4 * C",
            "queries",
        ),
        (
            "def multi_head_parameters(C, H): return 4 * C * C + H",
            "the projection has one bias per head",
        ),
        (
            "def multi_head_parameters(C, H): return 3 * C * C + C",
            "one matrix of C x C is missing",
        ),
        (
            "def multi_head_parameters(C, H): return C * C + C",
            "the heads are forgotten",
        ),
        (
            "def multi_head_parameters(C, H): return 4128",
            "it is 4,128 whatever goes in",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return 3 * H * (C // H) ** 2 + C * C + C""",
            "the heads come to 3 x C x D in all",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return H * 3 * C * (C // H) + C * (C // H) + C""",
            "the projection reads one head only",
        ),
        (
            "def multi_head_parameters(C, H): return 12 * C * C",
            "this is 12 x C x C, about what a whole block learns",
        ),
        (
            "def multi_head_parameters(C, H): return 4 * C + C",
            "in every case it is 4 x C too much and 4 x C x C too little",
        ),
        (
            "def multi_head_parameters(C, H): return 3 * C * C * (C * C + C)",
            "what the heads and the projection learn is",
        ),
        (
            "def multi_head_parameters(C, H): return (3 * C * C, C * C + C)",
            "the result has the shape (2,)",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return H * 3 * C * (C // H) + H * (C * C + C)""",
            "each head has a projection of its own",
        ),
        (
            "def multi_head_parameters(C, H): return 4 * C * C - C",
            "in every case it is 2 x C too little",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return H * 3 * C // H + C * C + C""",
            "in every case it is 3 x C too much and 3 x C x C too little",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return 12 * C * C""",
            "this is 12 x C x C, about what a whole block learns: two thirds of it is a",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return 12 * C * C + 13 * C""",
            "in every case it is 12 x C + 8 x C x C too much",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return 12*C**2 + C""",
            "in every case it is 8 x C x C too much",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return 4*C*C""",
            "the bias of the projection is forgotten",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return 4*C*C*H""",
            "with 32 channels, 4 heads come to 16,384 and 8 heads to 32,768, and the",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return C*C*3*H + C*C""",
            "each head is C wide, not D = C / H; and the bias of the",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return 2*C*C""",
            "the projection is forgotten; and one matrix of C x C is",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return 3*C*C*H""",
            "each head is C wide, not D = C / H; and the projection is",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return 3 * C * C + 2 * C""",
            "in every case it is C too much and C x C too little",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return 4 * (C * C + C) * H""",
            "queries, keys and values got biases; and each head is C",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return 8*C*C + 5*C""",
            "in every case it is 4 x C + 4 x C x C too much",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return 5*C*C + C""",
            "in every case it is C x C too much",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return 3*C*(C//H) + C""",
            "with 32 channels, 4 heads come to 800 and 8 heads to 416, and the channels",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return C // H""",
            "with 32 channels, 4 heads come to 8 and 8 heads to 4, and the channels",
        ),
        (
            """\
def multi_head_parameters(C, H):
    return 4 * (C // H) ** 2 * H + C""",
            "the heads come to 3 x C x D in all, as if there were one of",
        ),
    ),
    "3.2": (
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.view(B, H, T, C // H)""",
            "positions are dealt to the heads",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.view(B, T, C // H, H).permute(0, 3, 1, 2)""",
            "the channels are dealt out in turn",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.view(B, T, H, C // H)""",
            "the axes T and H are not exchanged",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.view(B, T, H, C // H).permute(0, 2, 3, 1)""",
            "time and channels are exchanged inside the",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.view(B, T, H, C // H).transpose(1, 2).flip(1)""",
            "the heads stand in the opposite order",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.view(B, T, C // H, H).transpose(1, 2)""",
            "there are C / H heads of H channels",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.view(B, T, H, C // H).transpose(0, 2)""",
            "the batch and the heads are exchanged, and the positions",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.view(B, T, H, C // H).transpose(2, 3)""",
            "the result has the shape (2",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.view(B, T, H, C // H).transpose(1, 3)""",
            "the result has the shape (2",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.transpose(1, 2).view(B, H, T, C // H)""",
            "time and channels are exchanged before the",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.transpose(1, 2).reshape(B, H, T, C // H)""",
            "time and channels are exchanged before the",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.mT.reshape(B, H, C // H, T)""",
            "time and channels are exchanged inside the",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.view(B, T, H, C / H).transpose(1, 2)""",
            "C / H is a float",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.unsqueeze(1).repeat(1, H, 1, 1)""",
            "each head gets all channels",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    x.view(B, T, H, C // H).transpose(1, 2)""",
            "to_heads gives back None",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.view(B * H, T, C // H)""",
            "the result has the shape (8",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.view(T, B, H, C // H).permute(1, 2, 0, 3)""",
            "entry [0",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.view(B, T, H, C // H).transpose(1, 2)[:, :, :, 0]""",
            "the result has the shape (2",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.chunk(H, dim=-1)""",
            "the result is a tuple of 4 x (2",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return torch.stack(x.chunk(H, dim=-1))""",
            "the heads stand before the batch",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return torch.stack(x.chunk(H, dim=1), dim=1)""",
            "the positions are cut into pieces, not the channels",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return torch.stack(x.chunk(H, dim=-1), dim=2)""",
            "the axes T and H are not exchanged",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return torch.stack(x.split(H, dim=-1), dim=1)""",
            "there are C / H heads of H channels",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return torch.stack([x[..., h::H] for h in range(H)], dim=1)""",
            "the channels are dealt out in turn",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.abs().view(B, T, H, C // H).transpose(1, 2)""",
            "58 of 120 numbers are right",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.view(B, T, H, C // H).clone().add(1).transpose(1, 2)""",
            "entry [0",
        ),
        (
            """\
def to_heads(x, H):
    B, T, C = x.shape
    return x.view(B, T, H, C // H).transpose(0, 2)""",
            "the batch and the heads are exchanged, and the positions",
        ),
        (
            """\
def to_heads(x, H):
    return torch.stack(x.chunk(H, dim=1), dim=1)""",
            "the positions are cut into pieces, not the channels",
        ),
    ),
    "3.3": (
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.reshape(B, T, H * D)""",
            "the heads are joined on the wrong axis",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.permute(0, 2, 3, 1).reshape(B, T, H * D)""",
            "the channels of the heads alternate",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.transpose(1, 2).view(B, T, H * D)""",
            "view is used on a tensor whose axes were",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.sum(1)""",
            "the heads are added up",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.mean(1)""",
            "the heads are averaged",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.reshape(B, H * T, D)""",
            "the heads are set one after another in time",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.flip(1).transpose(1, 2).reshape(B, T, H * D)""",
            "the heads come in the opposite order",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.transpose(1, 2)""",
            "the axes are exchanged",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.transpose(1, 2).flatten(1)""",
            "the result has the shape (2",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.transpose(2, 3).reshape(B, T, H * D)""",
            "channel 1 of position 0 is channel 0 that",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.transpose(1, 3).reshape(B, T, H * D)""",
            "positions and channels are exchanged, and the heads stay",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.transpose(0, 2).reshape(B, T, H * D)""",
            "channel 3 of position 0 is channel 0 that",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.transpose(0, 2).reshape(T, B, H * D)""",
            "the result has the shape (5",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    found.transpose(1, 2).reshape(B, T, H * D)""",
            "from_heads gives back None",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.flatten(1, 2)""",
            "the heads are set one after another in time",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.flatten(2)""",
            "positions and channels are joined",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found[:, 0]""",
            "only head 0 is given back",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return torch.cat([h for h in found], dim=-1)""",
            "the result has the shape (4",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return torch.cat(found.unbind(1), dim=1)""",
            "the heads are set one after another in time",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return torch.stack(found.unbind(1), dim=-1).flatten(2)""",
            "the channels of the heads alternate",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.transpose(1, 2).reshape(B, T, H * D).flip(-1)""",
            "channel 0 of position 0 is channel 2 that",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.amax(1)""",
            "the result has the shape (2",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.transpose(1, 2).reshape(B, T, H * D) / H""",
            "every number is 0.250 times the right one",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.transpose(1, 2).reshape(B, T, D)""",
            "the new shape has room for the channels of",
        ),
        (
            """\
def from_heads(found):
    B, T, H, D = found.shape
    return found.transpose(1, 2).reshape(B, T, H * D)""",
            "the result has the shape (2",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.transpose(1, 3).reshape(B, T, H * D)""",
            "positions and channels are exchanged, and the heads stay",
        ),
        (
            """\
def from_heads(found):
    return found.transpose(1, 2).flatten(1, 2)""",
            "positions and heads are exchanged and then joined to one",
        ),
        (
            """\
def from_heads(found):
    B, H, T, D = found.shape
    return found.transpose(0, 1).reshape(B, T, H * D)""",
            "the batch and the heads are exchanged",
        ),
    ),
    "3.4": (
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    return twin""",
            "the heads moved and the projection did not",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "the projection's strips moved and the heads",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=0)
    moved = torch.cat([strips[h] for h in order], dim=0)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "the rows of the projection moved",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    back = [order.index(n) for n in range(len(order))]
    moved = torch.cat([strips[n] for n in back], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "the strips moved in the inverse order",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in sorted(order))
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in sorted(order)], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "nothing was moved",
        ),
        (
            """\
def rearrange(layer, order):
    twin = layer
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "the layer itself was rearranged",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.copy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "the layer itself was rearranged",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    back = [order.index(n) for n in range(len(order))]
    twin.heads = nn.ModuleList(twin.heads[n] for n in back)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    back = [order.index(n) for n in range(len(order))]
    moved = torch.cat([strips[n] for n in back], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "heads and strips moved in the inverse order",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    back = [order.index(n) for n in range(len(order))]
    twin.heads = nn.ModuleList(twin.heads[n] for n in back)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "the heads moved in the inverse order",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
""",
            "rearrange should give back a MultiHead",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    return twin.heads""",
            "rearrange should give back a MultiHead",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = moved
    return twin""",
            "the projection's weight is a plain tensor",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    twin.proj.weight = nn.Parameter(twin.proj.weight[:, order])
    return twin""",
            "single columns of the projection moved",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    twin.proj.weight = nn.Parameter(twin.proj.weight[order])
    return twin""",
            "single rows of the projection are picked",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(layer.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "the copy's heads are those of the old layer",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in reversed(order))
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in reversed(order)], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "the order is read from its end",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    twin.proj.bias = nn.Parameter(torch.zeros_like(twin.proj.bias))
    return twin""",
            "the bias of the projection is set to 0",
        ),
        (
            """\
def rearrange(layer, order):
    return layer""",
            "the layer itself is given back, as it was",
        ),
        (
            """\
def rearrange(layer, order):
    return copy.deepcopy(layer)""",
            "nothing was moved",
        ),
        (
            """\
def rearrange(layer, order):
    C = layer.proj.in_features
    return MultiHead(C, len(order), layer.heads[0].block_size)""",
            "the copy is a fresh layer",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    twin.proj.weight.requires_grad_(False)
    return twin""",
            "proj.weight of the copy does not learn",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[0] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "the new head 0 is the old head 0",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    for n, h in enumerate(order):
        twin.heads[n] = twin.heads[h]
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "the heads overwrite each other while they",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    twin.proj.bias = nn.Parameter(torch.cat([twin.proj.bias.detach().split(D)[h] for h in order]))
    return twin""",
            "the bias of the projection moved along with the strips",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    twin.proj.bias = nn.Parameter(twin.proj.bias.detach()[order])
    return twin""",
            "proj.bias of the copy has the shape (4,) instead of (8,)",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    nn.init.zeros_(twin.proj.bias)
    return twin""",
            "the bias of the projection is set to 0",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    twin.proj.bias.data.zero_()
    return twin""",
            "the bias of the projection is set to 0",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.stack([strips[h] for h in order], dim=-1).flatten(1)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "the moved strips were joined so that those of the heads alternate",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    H = len(order)
    strips = [twin.proj.weight.detach()[:, n::H] for n in range(H)]
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "every H-th column was taken for the strip of a head",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    H = len(order)
    W = twin.proj.weight.detach()
    moved = W.view(-1, D, H)[:, :, list(order)].flatten(1)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "the columns moved as if those of the heads alternated",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    for n, h in enumerate(order):
        twin.proj.weight.data[:, n*D:(n+1)*D] = twin.proj.weight.data[:, h*D:(h+1)*D]
    return twin""",
            "the strips overwrite each other while they move",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = twin.heads
    for n, h in enumerate(order):
        twin.heads[n] = twin.heads[h]
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    for n, h in enumerate(order):
        twin.proj.weight.data[:, n*D:(n+1)*D] = twin.proj.weight.data[:, h*D:(h+1)*D]
    return twin""",
            "heads and strips overwrite each other while they move",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = twin.heads
    for n, h in enumerate(order):
        twin.heads[n].load_state_dict(twin.heads[h].state_dict())
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "the heads overwrite each other while they move",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved.T)
    return twin""",
            "the weight of the projection comes out transposed",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved.T.contiguous())
    return twin""",
            "the weight of the projection comes out transposed",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().T.split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "the strips were cut from the transposed weight",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().T.split(D, dim=0)
    moved = torch.cat([strips[h] for h in order], dim=0)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "the weight of the projection comes out transposed",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h].flip(1) for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "the output changed by up to 3.307; column 0 of the projection's weight",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(2 * moved)
    return twin""",
            "the output changed by up to 5.103; column 0 of the projection's weight",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    nn.init.ones_(twin.proj.bias)
    return twin""",
            "the output changed by up to 1.775; the bias of the projection is another",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    twin.proj.bias = nn.Parameter(twin.proj.bias.detach().flip(0))
    return twin""",
            "the output changed by up to 0.826; the numbers of the projection's bias",
        ),
        (
            """\
def rearrange(layer, order):
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(1, dim=1)
    moved = torch.cat([strips[h] for h in order for _ in range(D)], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    return twin""",
            "the output changed by up to 4.345; column 0 of the projection's weight",
        ),
        (
            """\
def rearrange(layer, order):
    layer.heads = nn.ModuleList([layer.heads[i] for i in order])
    return layer""",
            "the heads moved and the projection did not follow; and the",
        ),
        (
            """\
def rearrange(layer, order):
    return layer""",
            "the layer itself is given back, as it was",
        ),
    ),
    "3.5": (
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = [Head(n_embed, D, block_size) for _ in range(n_head)]
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        return self.proj(joined)""",
            "the heads are still in a plain list",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList(
            [Head(n_embed, D, block_size)] * n_head
        )
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        return self.proj(joined)""",
            "one and the same head stands there several",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed
        self.heads = nn.ModuleList(
            Head(n_embed, D, block_size) for _ in range(n_head)
        )
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        return self.proj(joined)""",
            "each head is as wide as the whole input",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList(
            Head(n_embed, D, block_size) for _ in range(n_head)
        )
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = sum(head(x) for head in self.heads)
        return self.proj(joined)""",
            "the heads are added up",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList(
            Head(n_embed, D, block_size) for _ in range(n_head)
        )
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=1)
        return self.proj(joined)""",
            "the heads are joined along another axis than",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList(
            Head(n_embed, D, block_size) for _ in range(n_head)
        )
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        return joined""",
            "the projection is left out",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = tuple(Head(n_embed, D, block_size) for _ in range(n_head))
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        return self.proj(joined)""",
            "the heads are still in a plain list",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        heads = [Head(n_embed, D, block_size) for _ in range(n_head)]
        self.heads = nn.Sequential(*heads)
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = self.heads(x)
        return self.proj(joined)""",
            "a head is given D channels, what another head found or a part of x,",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList(
            Head(n_embed, D, block_size) for _ in range(n_head)
        )
        self.proj = nn.Linear(n_embed, n_embed, bias=False)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        return self.proj(joined)""",
            "the projection has lost its bias",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList(
            Head(n_embed, D, block_size) for _ in range(n_head)
        )
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        self.proj(joined)""",
            "ManyHeads gives back None",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList(
            Head(n_embed, D, block_size) for _ in range(n_head)
        )
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads[:-1]], dim=-1)
        return self.proj(joined)""",
            "the last head is made and not asked",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList(
            Head(n_embed, D, block_size) for _ in range(n_head)
        )
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        return x + self.proj(joined)""",
            "x is added to the result",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList(
            Head(n_embed, D, block_size) for _ in range(n_head)
        )
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        return F.relu(self.proj(joined))""",
            "what is negative is cut off at the end",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList(
            Head(n_embed, D, block_size) for _ in range(n_head)
        )
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        found = [head(x) for head in self.heads]
        joined = torch.stack(found, dim=-1).flatten(2)
        return self.proj(joined)""",
            "the channels of the heads alternate",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList(
            Head(n_embed, D, block_size) for _ in range(n_head)
        )
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.stack([head(x) for head in self.heads], dim=-1).mean(-1)
        return self.proj(joined)""",
            "the heads are added up",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        D = n_embed // n_head
        self.heads = nn.ModuleList(
            Head(n_embed, D, block_size) for _ in range(n_head)
        )
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        return self.proj(joined)""",
            "it stops with AttributeError",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList(
            Head(n_embed, D, block_size) for _ in range(n_head)
        )
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1).detach()
        return self.proj(joined)""",
            "is detached from the result",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = {n: Head(n_embed, D, block_size) for n in range(n_head)}
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([self.heads[n](x) for n in self.heads], dim=-1)
        return self.proj(joined)""",
            "the heads are still in a plain list",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList(
            Head(n_embed, D, block_size) for _ in range(n_head - 1)
        )
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        return self.proj(joined)""",
            "one head too few is made",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList(
            Head(n_embed, D, block_size) for _ in range(n_head)
        )
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        return self.proj(joined) / len(self.heads)""",
            "every number is 0.333 times the right one",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList(
            Head(n_embed, D, block_size) for _ in range(n_head)
        )
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        return self.proj(self.proj(joined))""",
            "the projection is applied twice",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList(
            Head(n_embed, D, block_size) for _ in range(n_head)
        )
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([self.heads[0](x) for head in self.heads], dim=-1)
        return self.proj(joined)""",
            "head 0 is asked again and again",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_head
        self.heads = nn.ModuleList(
            Head(n_embed, D, block_size) for _ in range(n_head)
        )
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        return self.proj(joined)""",
            "each head has as many channels as there are",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList([Head(n_embed, D, block_size) for _ in range(n_head)])
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        return self.proj(torch.cat([head(x) * 0.5 for head in self.heads], dim=-1))""",
            "what each head finds counts half",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList([Head(n_embed, D, block_size) for _ in range(n_head)])
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        return 0.5 * self.proj(torch.cat([head(x) for head in self.heads], dim=-1))""",
            "every number is 0.500 times the right one",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList([Head(n_embed, D, block_size) for _ in range(n_head)])
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        for head in self.heads:
            x = head(x)
        return self.proj(x)""",
            "a head is given D channels, what another head found or a part of x, where",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList([Head(n_embed, D, block_size) for _ in range(n_head)])
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        out = []
        for head in self.heads:
            x = head(x)
            out.append(x)
        return self.proj(torch.cat(out, dim=-1))""",
            "a head is given D channels, what another head found or a part of x, where",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList([Head(n_embed, D, block_size) for _ in range(n_head)])
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        for head in self.heads:
            x = x + head(x)
        return self.proj(x)""",
            "x, which has C channels, is added to what a head finds, which has D",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList([Head(n_embed, D, block_size) for _ in range(n_head)])
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        out = self.heads[0](x)
        for head in self.heads[1:]:
            out = head(out)
        return self.proj(out)""",
            "a head is given D channels, what another head found or a part of x, where",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList([Head(n_embed, D, block_size) for _ in range(n_head)])
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        return self.proj(torch.stack([head(x) for head in self.heads]).mean(0))""",
            "the heads are added up instead of joined",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList([Head(n_embed, D, block_size) for _ in range(n_head)])
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        return self.proj(torch.cat([head(x).relu() for head in self.heads], dim=-1))""",
            "what the heads find is cut off below 0 before the projection",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList([Head(n_embed, D, block_size) for _ in range(n_head)])
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        D = self.heads[0].head_size
        return self.proj(torch.cat([head(x[..., n*D:(n+1)*D]) for n, head in enumerate(self.heads)], dim=-1))""",
            "a head is given D channels, what another head found or a part of x, where",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = [nn.Parameter(Head(n_embed, D, block_size)) for _ in range(n_head)]
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        return self.proj(joined)""",
            "each head is wrapped as one parameter",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList([Head(n_embed, D, block_size) for _ in range(n_head)])
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x).detach() for head in self.heads], dim=-1)
        return self.proj(joined)""",
            "what the heads find is detached from them",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList([Head(n_embed, D, block_size) for _ in range(n_head)])
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = sum(head(x) for head in self.heads).repeat(1, 1, len(self.heads))
        return self.proj(joined)""",
            "the heads are added up, and their sum stands there",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList([Head(n_embed, n_embed, block_size)])
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        return self.proj(joined)""",
            "there is one head, as wide as all of them together",
        ),
        (
            """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = nn.ModuleList(Head(n_embed, D, block_size) for _ in range(n_head - 1))
        self.proj = nn.Linear(D * (n_head - 1), n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        return self.proj(joined)""",
            "missing: 3 of shape (2, 6), 1 of shape (6, 6); not expected",
        ),
    ),
}
