package dev.gnomon.host;

import dev.gnomon.guest.GuestHostBlock;
import java.nio.file.Path;

/**
 * What a host needs to run programs; one that runs none does without.
 *
 * @param block the host's, with the state of its generator for {@code getrandom(2)} set
 * @param directory the working directory of the host's programs; exists
 * @param guestDirectory the same as guests find it
 * @param dataDirectory the run's, which programs may write to
 */
public record GuestSide(GuestHostBlock block, Path directory, Path guestDirectory, Path dataDirectory) {}
