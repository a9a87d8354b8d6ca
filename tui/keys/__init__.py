"""Keys: the registry of actions, key maps, key sequences and keyboard layouts."""
