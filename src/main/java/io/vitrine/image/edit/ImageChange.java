package io.vitrine.image.edit;

import io.vitrine.image.Image;

/** An image before and after one change. */
public record ImageChange(Image before, Image after) {}
