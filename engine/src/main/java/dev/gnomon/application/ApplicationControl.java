package dev.gnomon.application;

/** How an application reaches its host, besides the network. */
public interface ApplicationControl {
    /** Writes a line as a program would on its standard error. */
    void complain(String line);

    /**
     * Ends the application, which is {@linkplain Application#close closed} when this returns.
     *
     * @param status 0 to 255
     */
    void exit(int status);
}
