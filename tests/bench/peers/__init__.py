"""The peers: each module does one work in one way, measures itself, and checks what it did."""
