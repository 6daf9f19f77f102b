"""Running the platform: setting up, starting, testing and the command line."""
