"""What stands still: sites, bins, items with their units, people and partners of the simulated warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from zeroline.domain.quantity import SCALE
from zeroline.domain.stock import Item, Location, LocationKind, Unit


@dataclass(frozen=True, slots=True)
class Plan:
    """How large the warehouse is. ``ends_at`` is the instant of the last hour simulated (µs UTC)."""

    ends_at: int
    seed: int = 20_260
    days: int = 120
    items: int = 800
    bins: int = 1_500
    order_lines_a_day: int = 205
    faults: int = 3  # of each kind


@dataclass(frozen=True, slots=True)
class SimulatedSite:
    """One site: its code, name, zone and the letter its location codes begin with."""

    code: str
    name: str
    zone: str
    letter: str
    share: float  # of bins and items


SITES = (
    SimulatedSite("NORTH", "North distribution centre", "Europe/Berlin", "N", 0.6),
    SimulatedSite("SOUTH", "South distribution centre", "Europe/Istanbul", "S", 0.4),
)

PICKERS = {
    "N": ("r.diaz", "t.yilmaz", "k.nowak", "a.hansen", "l.rossi", "p.okoye"),
    "S": ("e.demir", "c.kaya", "v.popescu", "h.aydin"),
}
RECEIVERS = {"N": ("j.weber", "m.silva", "u.brandt"), "S": ("b.arslan", "d.ivanova")}
COUNTERS = {"N": ("s.varga", "g.petit", "w.adler"), "S": ("y.aksoy", "n.georgiou")}
DRIVERS = ("o.lindqvist", "f.moreau")
MAKERS = ("z.kovacs", "i.haddad")
SUPPLIERS = ("Nordlager AB", "Castell Bearings", "Ribera Safety", "Oakline Filters", "Delta Cable", "Petrosa")

# family: prefix, noun, variants, base unit, decimals, case sizes, cost in cents, lots
_FAMILIES = (
    (
        "BRG",
        "Ball bearing",
        ("6200", "6204", "6208", "6305", "NU210"),
        "EA",
        0,
        (10, 20),
        (300, 9000),
        0,
    ),
    ("GLV", "Nitrile glove", ("S", "M", "L", "XL", "XXL"), "PR", 0, (12, 24), (100, 600), 0),
    ("VLV", "Ball valve", ("DN15", "DN20", "DN25", "DN32", "DN50"), "EA", 0, (6, 12), (900, 14000), 0),
    ("FLT", "Oil filter", ("A12", "A18", "B20", "C30", "D45"), "EA", 0, (6, 12), (400, 3800), 0),
    (
        "BLT",
        "Hexagon bolt",
        ("M6x20", "M8x30", "M10x40", "M12x60", "M16x80"),
        "EA",
        0,
        (100, 200),
        (5, 140),
        0,
    ),
    ("SEL", "Shaft seal", ("20x35", "25x40", "30x47", "40x62", "55x80"), "EA", 0, (10, 50), (100, 1800), 1),
    ("CBL", "Control cable", ("3G1.5", "4G2.5", "5G4", "7G1", "12G1"), "M", 2, (50, 100), (60, 700), 0),
    ("LUB", "Lubricant", ("ISO32", "ISO46", "ISO68", "EP2", "FG100"), "KG", 3, (5, 20), (300, 2200), 1),
    (
        "VBT",
        "V-belt",
        ("SPA900", "SPA1250", "SPB1600", "SPZ800", "SPC2500"),
        "EA",
        0,
        (5, 10),
        (500, 6000),
        0,
    ),
    (
        "MOT",
        "Electric motor",
        ("0.37kW", "0.75kW", "1.5kW", "3kW", "5.5kW"),
        "EA",
        0,
        (1, 2),
        (7000, 62000),
        0,
    ),
)
_MAKES = ("", " stainless", " food grade", " heavy duty", " long life", " export")


@dataclass(slots=True)
class SimulatedItem:
    """An item with where it lives and how fast it goes."""

    item: Item
    case_size: int
    lot_tracked: bool
    speed: float  # weight of being ordered
    bins: dict[str, list[str]]  # site letter → bin codes, the one that is picked from first
    supplier: str
    dockless: bool  # received straight into the bin
    pack: str = "CS"


@dataclass(slots=True)
class World:
    """Everything that stands still. ``bins`` by site letter; docks and the like by :meth:`place`.

    ``bills``: product code → its components, each with how many base units go into one.
    """

    plan: Plan
    items: list[SimulatedItem]
    locations: list[Location]
    bins: dict[str, list[str]]
    bills: dict[str, list[tuple[SimulatedItem, int]]]

    @staticmethod
    def place(letter: str, what: str) -> str:
        """Code of a site's one DOCK, STAGE, PROD, TRANSIT or QUAR."""
        return f"{letter}-{what}"


def build(plan: Plan, random: Random) -> World:
    """The world of a plan; the same plan and random state give the same world."""
    locations: list[Location] = []
    bins: dict[str, list[str]] = {}
    for site in SITES:
        codes = bins[site.letter] = []
        wanted = round(plan.bins * site.share)
        for number in range(wanted):
            zone = "ABCDE"[min(4, number * 5 // wanted)]
            code = f"{site.letter}-{zone}-{number % 97 // 10 + 1:02d}-{number:03d}"
            codes.append(code)
            locations.append(Location(code, site.code, f"{site.letter}1", zone))
        for what, kind in (
            ("DOCK", LocationKind.DOCK),
            ("STAGE", LocationKind.STAGING),
            ("PROD", LocationKind.PRODUCTION),
            ("TRANSIT", LocationKind.TRANSIT),
            ("QUAR", LocationKind.QUARANTINE),
        ):
            place = World.place(site.letter, what)
            locations.append(Location(place, site.code, f"{site.letter}1", what.title(), kind))
    items = _items(plan, random, bins)
    return World(plan, items, locations, bins, _bills(items, random))


def _bills(items: list[SimulatedItem], random: Random) -> dict[str, list[tuple[SimulatedItem, int]]]:
    """Bills of material of one item in twelve: two to four components that live at the product's sites."""
    bills = {}
    for product in random.sample(items, max(10, len(items) // 12)):
        fitting = [item for item in items if item is not product and set(product.bins) <= set(item.bins)]
        if len(fitting) >= 4:
            parts = random.sample(fitting, random.randrange(2, 5))
            bills[product.item.code] = [(part, random.choice((1, 1, 1, 2, 2, 3, 4))) for part in parts]
    return bills


def _items(plan: Plan, random: Random, bins: dict[str, list[str]]) -> list[SimulatedItem]:
    free = {letter: random.sample(codes, len(codes)) for letter, codes in bins.items()}
    made: list[SimulatedItem] = []
    seen: set[str] = set()
    for rank in range(plan.items):
        prefix, noun, variants, unit, decimals, cases, (low, high), lots = _FAMILIES[rank % len(_FAMILIES)]
        variant, make = random.choice(variants), random.choice(_MAKES)
        code = f"{prefix}-{variant}{'-' + make.strip()[:2].upper() if make else ''}"
        while code in seen:
            code = f"{prefix}-{variant}-{random.randrange(100, 1000)}"
        seen.add(code)
        case_size = random.choice(cases)
        cost = random.randrange(low, high) * SCALE // 100
        speed = 1.0 / (rank + 8)
        abc = "A" if rank < plan.items * 0.15 else "B" if rank < plan.items * 0.45 else "C"
        homes = {"N": ["N"], "S": ["S"], "B": ["N", "S"]}[random.choices("NSB", (5, 3, 2))[0]]
        units = [Unit("CS", case_size)]
        if case_size <= 24:
            units.append(Unit("PAL", case_size * 40))
        made.append(
            SimulatedItem(
                Item(
                    code,
                    f"{noun} {variant}{make}",
                    unit,
                    cost,
                    abc,
                    noun,
                    decimals,
                    tuple(units),
                    ((_gtin(rank), unit),),
                ),
                case_size,
                bool(lots),
                speed,
                {
                    home: [free[home].pop() for _ in range(random.choice((1, 1, 2, 2, 3))) if free[home]]
                    or [random.choice(bins[home])]
                    for home in homes
                },
                random.choice(SUPPLIERS),
                random.random() < 0.12,
            )
        )
    return made


def _gtin(rank: int) -> str:
    digits = f"401234{rank:06d}0"[:13]
    body = digits[:12]
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return body + str(-total % 10)
