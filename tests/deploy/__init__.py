"""The files of deploy/ under the tools they are made for, as real processes where they can run."""
