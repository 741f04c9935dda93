/**
 * The script for bash. Our own, because that of the library evaluates what is being typed, and needs the package
 * bash-completion. Words that bash splits at `=` and `:` are put together again. It also runs in bash 3.2.
 */
export function bashScript(program: string, asked: string): string {
  const name = `__${program.replaceAll(/\W/g, '_')}_complete`;
  return `# bash completion for ${program}
${name}() {
  local word line prefix glue= n=-1 current="\${COMP_WORDS[COMP_CWORD]}"
  local -a joined
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ $n -ge 0 && ( -n $glue || $word == [=:]* ) ]]; then
      joined[n]+=$word
    else
      n=$((n + 1))
      joined[n]=$word
    fi
    glue=
    if [[ $word == *[=:] ]]; then glue=1; fi
  done
  if [[ $current == [=:]* ]]; then current=; fi
  prefix=\${joined[n]%"$current"}
  COMPREPLY=()
  while IFS= read -r line; do
    line=\${line%%$'\\t'*}
    if [[ $line != :* ]]; then COMPREPLY+=("\${line#"$prefix"}"); fi
  done < <(${program} ${asked} -- "\${joined[@]}" 2>/dev/null)
}
complete -o default -F ${name} ${program}`;
}
