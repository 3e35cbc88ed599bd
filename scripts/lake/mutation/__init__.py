"""Mutation testing: which small mistakes in a model do its unit tests find?"""
