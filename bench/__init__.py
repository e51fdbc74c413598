"""How fast Consult is, as ratios inside one run: `python -m bench`."""
