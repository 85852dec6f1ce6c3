using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>
/// "sagitta completion SHELL": a script by which a shell completes verbs, options and names. The scripts ask the program itself, by the
/// directive [suggest:PLACE] of the command-line library; where it knows nothing, the shell completes names of files.
/// </summary>
internal static class CompletionVerb
{
    private const string Bash = """
        # Completion of sagitta for bash. Now: source <(sagitta completion bash)
        # Always: sagitta completion bash > ~/.local/share/bash-completion/completions/sagitta
        _sagitta() {
            local line=${COMP_LINE:0:COMP_POINT} word=${COMP_WORDS[COMP_CWORD]}
            # The line without the program's own word.
            case $line in *[[:space:]]*) line=${line#*[[:space:]]} ;; *) return ;; esac
            mapfile -t COMPREPLY < <(IFS=$'\n'; compgen -W "$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$word")
        }
        complete -o default -o bashdefault -F _sagitta sagitta

        """;

    private const string Zsh = """
        #compdef sagitta
        # Completion of sagitta for zsh. Now: source <(sagitta completion zsh)
        # Always: sagitta completion zsh > a folder of $fpath/_sagitta
        _sagitta() {
            local line="${(j: :)words[2,CURRENT-1]} $PREFIX"
            local -a found
            (( CURRENT > 2 )) || line=$PREFIX
            found=(${(f)"$(${~words[1]} "[suggest:${#line}]" "$line" 2>/dev/null)"})
            (( $#found )) && compadd -a found || _files
        }
        if [[ ${funcstack[1]} == _sagitta ]]; then _sagitta "$@"; else compdef _sagitta sagitta; fi

        """;

    private const string Fish = """
        # Completion of sagitta for fish. Now: sagitta completion fish | source
        # Always: sagitta completion fish > ~/.config/fish/completions/sagitta.fish
        function __sagitta_complete
            set -l line (commandline -cp | string replace -r '^\s*\S+\s?' '')
            set -l found (sagitta "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
            if test -n "$found[1]"
                printf '%s\n' $found
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c sagitta -f -a '(__sagitta_complete)'

        """;

    private const string PowerShell = """
        # Completion of sagitta for PowerShell. Now: sagitta completion powershell | Out-String | Invoke-Expression
        # Always: put that line into $PROFILE
        Register-ArgumentCompleter -Native -CommandName sagitta -ScriptBlock {
            param($word, $command, $cursor)
            # The line up to the cursor, without the program's own word; the syntax tree drops blanks at its end.
            $place = $cursor - $command.Extent.StartOffset
            $line = $command.ToString().PadRight($place).Substring(0, $place) -replace '^\S+\s?', ''
            sagitta "[suggest:$($line.Length)]" "$line" 2>$null | Where-Object { $_ -and $_ -like "$word*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }

        """;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> shell = new Argument<string>("shell") { Description = "bash, zsh, fish or powershell" }
            .AcceptOnlyFromAmong("bash", "zsh", "fish", "powershell");
        Command completion = new("completion", "Print the script by which a shell completes commands of sagitta") { shell };
        completion.SetAction(parsed => parsed.InvocationConfiguration.Output.Write((parsed.GetValue(shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            _ => PowerShell,
        }).ReplaceLineEndings("\n")));
        return completion;
    }
}
