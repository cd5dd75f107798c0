"""Random networks as short texts."""

from __future__ import annotations

from random import Random


def layer(random: Random, rank: int, channels: int, padded: bool) -> tuple[str, int]:
    """A layer with a window, and how many channels come out."""
    kind = random.choice(["CONV", "CONV", "CONV", "DWCONV", "POOL", "AVGPOOL"])
    numbers = [random.randint(1, 4) for _ in range(rank)]
    text = kind + (str(numbers[0]) if random.random() < 0.6 else "x".join(map(str, numbers)))
    if kind == "CONV":
        groups = random.choice([g for g in (1, 1, 2, 3) if channels % g == 0])
        channels = groups * random.randint(1, 3)
        text += f"-{channels}" + (f"/g{groups}" if groups > 1 else "")
    if kind.endswith("CONV"):
        text += random.choice(["", "", "/nobias", "/bias"]) + random.choice(["", "", "/d2", "/d3"])
    text += random.choice(["", "", "/s2", "/s3", "/s1" if rank == 1 else "/s2x1" if rank == 2 else "/s1x2x1"])
    text += random.choice(["", "/same", "/valid", "/p1", "/p2"]) if padded else "/valid"
    return text, channels


def network(random: Random, rank: int, size: int, padded: bool = True, most: int = 3) -> str:
    """A short network over `rank` axes of about that size."""
    sizes = [size + random.randint(0, 3) for _ in range(rank)]
    channels = random.randint(1, 4)
    items = ["x".join(map(str, [*sizes, channels]))]
    for _ in range(random.randint(1, most)):
        if random.random() < 0.2:
            width = random.choice([1, 3])
            after = random.randint(1, 3)
            shortcut = f" | CONV1-{after}" if after != channels or random.random() < 0.5 else ""
            items.append(f"RES[CONV{width}-2/same -> RELU -> CONV{width}-{after}/same{shortcut}]")
            channels = after
        else:
            text, channels = layer(random, rank, channels, padded)
            items.append(text)
        items += random.choice([[], [], ["RELU"], ["BN"]])
    end = random.choice([[], ["GAP"], ["GAP", "FC-3"], ["FLATTEN", "FC-3/nobias", "RELU", "FC-2"]])
    return " -> ".join([*items, *end])
