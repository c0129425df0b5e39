package dev.gnomon.service.artifact;

import java.util.List;

/**
 * What was found in a result's directory.
 *
 * @param files in the order of their paths
 * @param leftOut what is there but cannot be listed, and why, a sentence each
 */
public record ResultListing(List<ResultFile> files, List<String> leftOut) {

    public ResultListing {
        files = List.copyOf(files);
        leftOut = List.copyOf(leftOut);
    }
}
