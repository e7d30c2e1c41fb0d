int beside; // want `C variable beside: the process has one of it`
extern int elsewhere;
