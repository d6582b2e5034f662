package io.vitrine.image;

import java.time.Instant;

/** A project that an image is shared with. */
public record Member(
    ImageId image, String project, MemberStatus status, Instant createdAt, Instant updatedAt) {}
