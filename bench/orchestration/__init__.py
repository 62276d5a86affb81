"""The same orchestrated job on this host and on its peers, each in processes of its own."""
