package io.vitrine.image;

/**
 * A caller's access to one image.
 *
 * @param permit what the policy demands of the operation
 */
public record ImageAccess(ImageId id, Caller caller, Permit permit) {}
