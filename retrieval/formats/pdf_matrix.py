"""The matrices that move, turn and scale what a PDF draws."""

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def number(value: object, default: float) -> float:
    """The operand as a number, or the default where it is none."""
    return float(value) if isinstance(value, (int, float)) else default


def matrix_of(operands: object) -> Matrix | None:
    """The matrix of six operands; None where they are not six."""
    values = [number(value, 0.0) for value in operands] if isinstance(operands, (list, tuple)) else []
    return (values[0], values[1], values[2], values[3], values[4], values[5]) if len(values) == 6 else None  # noqa: PLR2004


def times(one: Matrix, other: Matrix) -> Matrix:
    """What one matrix and then the other does."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)
