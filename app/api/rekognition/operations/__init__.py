"""Operations of the format, by what they are about."""
