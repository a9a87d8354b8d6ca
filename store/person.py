"""Who somebody is: a name that knows whose it is."""


class Person(str):
    """Somebody, as what they are called on this desk. ``id`` says who that is, and stays when the name changes.

    Two are the same person when their ids are equal; names are for reading.
    """

    __slots__ = ("id",)
    id: str

    def __new__(cls, name: str = "", id: str = "") -> "Person":
        made = super().__new__(cls, name)
        made.id = id
        return made


NOBODY = Person()
"""Who is not given: an empty name and no id."""
