"""A project from its task book on: money, yearly reports, changes, acceptance, its dossier."""
