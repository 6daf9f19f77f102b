"""Case notes: each in one data class, sealed, never overwritten."""
