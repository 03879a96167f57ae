/* Colours: names and #rrggbb to one of a terminal's 256, and those to its first 16.
 *
 * Direct colour is not used: terminals that claim it wrongly are more common than those that need
 * it. */
#include <stdlib.h>
#include <string.h>

#include "theme.h"

const char *const fst__color_names[] = {"default",       "black",        "red",
                                        "green",         "yellow",       "blue",
                                        "magenta",       "cyan",         "white",
                                        "bright-black",  "bright-red",   "bright-green",
                                        "bright-yellow", "bright-blue",  "bright-magenta",
                                        "bright-cyan",   "bright-white", NULL};

struct rgb {
    int r, g, b;
};
static const struct rgb first_16[16] = {
    {0, 0, 0},     {205, 0, 0},     {0, 205, 0},     {205, 205, 0},  {0, 0, 238}, {205, 0, 205},
    {0, 205, 205}, {229, 229, 229}, {127, 127, 127}, {255, 0, 0},    {0, 255, 0}, {255, 255, 0},
    {92, 92, 255}, {255, 0, 255},   {0, 255, 255},   {255, 255, 255}};
static const int cube[6] = {0, 95, 135, 175, 215, 255};

static struct rgb rgb_of(int color)
{
    if (color < 16)
        return first_16[color];
    if (color >= 232)
        return (struct rgb){8 + 10 * (color - 232), 8 + 10 * (color - 232), 8 + 10 * (color - 232)};
    int i = color - 16;
    return (struct rgb){cube[i / 36], cube[i / 6 % 6], cube[i % 6]};
}

void fst__color_hex(int color, char *out)
{
    struct rgb c = rgb_of(color);
    snprintf(out, 8, "#%02x%02x%02x", c.r & 255, c.g & 255, c.b & 255);
}

static int nearest(struct rgb want, int from, int to)
{
    int best = from, best_distance = 1 << 30;
    for (int i = from; i < to; i++) {
        struct rgb c = rgb_of(i);
        int r = c.r - want.r, g = c.g - want.g, b = c.b - want.b;
        int distance = 3 * r * r + 6 * g * g + b * b; /* the eye sees green best */
        if (distance < best_distance) {
            best_distance = distance;
            best = i;
        }
    }
    return best;
}

int fst__color_to_16(int color)
{
    return color < 16 ? color : nearest(rgb_of(color), 0, 16);
}

static bool parse_hex(const char *text, int *out)
{
    char *end;
    if (strlen(text) != 7 || strspn(text + 1, "0123456789abcdefABCDEF") != 6)
        return false;
    long v = strtol(text + 1, &end, 16);
    struct rgb want = {(int)(v >> 16 & 255), (int)(v >> 8 & 255), (int)(v & 255)};
    *out = nearest(want, 16, 256); /* the first 16 are the user's own, and may be anything */
    return true;
}

bool fst__color_parse(const char *text, int *out)
{
    int64_t number;
    if (text[0] == '#')
        return parse_hex(text, out);
    for (int i = 0; fst__color_names[i]; i++)
        if (strcmp(text, fst__color_names[i]) == 0) {
            *out = i - 1;
            return true;
        }
    if (!fst_parse_int64(text, strlen(text), &number) || number < 0 || number > 255)
        return false;
    *out = (int)number;
    return true;
}
