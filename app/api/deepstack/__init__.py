"""The face routes of DeepStack and CodeProject.AI, for cameras and home automation."""
