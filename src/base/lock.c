/* Locks on files: open-file-description locks, which end with the descriptor and so with the
 * process. Asking who holds one does not take it, so asking disturbs nobody. */
#include <fcntl.h>
#include <unistd.h>

#include "firesteel/base.h"

static struct flock whole_file(void)
{
    return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
}

int fst_lock_take(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    struct flock lock = whole_file();
    if (fd >= 0 && fcntl(fd, F_OFD_SETLK, &lock) != 0) {
        close(fd); /* which leaves errno as it is */
        fd = -1;
    }
    return fd;
}

bool fst_lock_is_held(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return false;
    struct flock lock = whole_file();
    bool held = fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    close(fd);
    return held;
}
