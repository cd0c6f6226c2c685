"""Every macro in every state, for whoever builds pages (development only)."""
