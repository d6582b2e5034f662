package io.vitrine.image;

/** What one step made of an image. */
public record ImageChange(Image before, Image after) {}
