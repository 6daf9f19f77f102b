"""The GraphQL and HTTP face: it translates and never decides."""
