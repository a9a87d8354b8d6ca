"""Property tests say what must hold, not how fast: on a busy machine an example may take its time."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
