package dev.gnomon.guest;

import java.util.List;

/** What can be done with a guest that stands at its program's first instruction, {@link GuestThreadChannel.Phase#ENTRY}. */
public interface EntryPoint {
    /**
     * The program as it stands in this process, which was started with {@link Preparation#WATCHED}.
     *
     * @throws UnpreparableException where something in it may not be the same in a process of another host
     */
    ProgramImage captureImage() throws UnpreparableException;

    /**
     * Compares this process, which was started with {@link Preparation#COPIED}, with an image.
     *
     * @return false where it is not different, but does not show enough to copy it
     * @throws UnpreparableException where something differs that should not
     */
    boolean confirm(ProgramImage image) throws UnpreparableException;

    /** Ends what {@link Preparation} began, where neither of the above is wanted any more. */
    void forgetPrelude();

    /**
     * Makes copies of this process, for which the image was {@linkplain #confirm confirmed}.
     *
     * @param wanted processes of hosts of the same worker, which are to be as if each had been executed
     * @return them, in that order; each one that does not come to life is executed instead
     */
    List<GuestHostBlock.PendingGuest> copy(ProgramImage image, List<GuestHostBlock.Copy> wanted);
}
