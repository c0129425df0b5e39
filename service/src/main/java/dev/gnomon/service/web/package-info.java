/** What stands before the controllers: who may ask, what every answer carries, and the page. */
package dev.gnomon.service.web;
