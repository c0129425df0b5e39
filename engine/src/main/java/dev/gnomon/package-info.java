/** Gnomon's engine: experiments with unmodified programs, in virtual time. */
package dev.gnomon;
