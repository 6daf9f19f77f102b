"""What is loaded is kept out of the search for garbage."""

import gc
import weakref

from domain.interpreter import keep_what_is_loaded


class Ring:
    """Refers to itself: gone only when garbage is looked for."""

    def __init__(self) -> None:
        """Refer to itself."""
        self.self = self


def test_what_is_loaded_is_not_gone_through_again() -> None:
    """What is there is frozen; what comes afterwards is still found when it is garbage."""
    loaded = Ring()
    assert any(one is loaded for one in gc.get_objects())
    keep_what_is_loaded()
    assert not any(one is loaded for one in gc.get_objects())
    later = weakref.ref(Ring())
    gc.collect()
    assert later() is None
