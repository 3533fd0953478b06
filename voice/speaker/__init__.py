"""The mouth: pyttsx3 with espeak-ng, in a process of its own, as PCM."""
