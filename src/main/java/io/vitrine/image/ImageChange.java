package io.vitrine.image;

/** An image before and after one change. */
public record ImageChange(Image before, Image after) {}
