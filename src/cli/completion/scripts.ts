export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * What a shell reads once. Each hands the word at the cursor, behind a colon (some shells drop an empty argument), and
 * those before it to `botllm complete`, as they are: nothing that was typed is evaluated. Where nothing is known,
 * files are offered.
 */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# bash completion of botllm; in ~/.bashrc: source <(botllm completion bash)
_botllm() {
  local IFS=$'\\n'
  COMPREPLY=($(botllm complete bash ":\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null))
}
complete -o bashdefault -o default -F _botllm botllm`,

  zsh: `#compdef botllm
# zsh completion of botllm; in ~/.zshrc behind compinit: source <(botllm completion zsh)
_botllm() {
  local -a found
  found=("\${(@f)$(botllm complete zsh ":\${(Q)words[CURRENT]}" "\${(@Q)words[2,CURRENT-1]}" 2>/dev/null)}")
  found=("\${(@)found:#}")
  if (( $#found )); then _describe -t botllm botllm found; else _files; fi
}
if [[ $funcstack[1] = _botllm ]]; then _botllm "$@"; else compdef _botllm botllm; fi`,

  fish: `# fish completion of botllm: botllm completion fish > ~/.config/fish/completions/botllm.fish
function __botllm_complete
  set -l before (commandline -opc)
  set -l current (commandline -ct)
  set -l found (botllm complete fish ":$current" $before[2..-1] 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path "$current"
  end
end
complete -c botllm -e
complete -c botllm -f -a '(__botllm_complete)'`,

  powershell: `# PowerShell completion of botllm; in $PROFILE: botllm completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName botllm -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $before = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text })
  botllm complete powershell ":$wordToComplete" @before 2>$null | ForEach-Object {
    $value, $description = $_ -split "\`t", 2
    if (-not $description) { $description = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
  }
}`,
};
