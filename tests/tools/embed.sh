#!/bin/sh
# Print a C header with each file given as a byte array: themes/default.yaml -> fst_embedded_default_yaml.
echo '/* Made by tests/tools/embed.sh from files of the tree. */'
for file in "$@"; do
    name=$(basename "$file" | tr '.-' '__')
    printf 'static const unsigned char fst_embedded_%s[] __attribute__((unused)) = {' "$name"
    od -An -v -tu1 "$file" | tr -s ' ' ',' | sed 's/^,//; s/$/,/' | tr -d '\n'
    echo '0};'
done
