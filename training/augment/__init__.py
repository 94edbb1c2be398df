"""Chips made harder: as training sees them, and fixed conditions to measure under."""
