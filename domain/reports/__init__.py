"""Reports of absence: a frozen extract that goes by the channel the law names."""
