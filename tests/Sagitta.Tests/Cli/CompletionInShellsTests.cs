using System.Diagnostics;

namespace Sagitta.Tests.Cli;

/// <summary>What the completion scripts offer to somebody who types in a real zsh, fish or PowerShell, in a folder with files whose names
/// begin like verbs.</summary>
[Trait("tool", "shells")]
[Trait("speed", "slow")]
public sealed class CompletionInShellsTests : IDisposable
{
    // A terminal in which the line is typed, then Tab, then a key that tells what stands there.
    private const string Zsh = """
        zmodload zsh/zpty
        zpty -b shell "zsh -f -i"
        zpty -w shell "PS1= ; autoload -Uz compinit; compinit -u -D; source ${(q)1}"
        zpty -w shell 'told() { print -r -- "<<$BUFFER>>"; BUFFER=; zle accept-line }; zle -N told'
        zpty -w shell 'bindkey "^X" told; bindkey "^I" complete-word'
        zpty -w shell 'print READY'
        zpty -r shell out '*READY*READY*'
        zpty -w -n shell "$2"$'\t\x18'
        zpty -r shell out '*<<*>>*'
        print -r -- "${${out##*<<}%%>>*}"
        zpty -d shell
        """;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Lines => new()
    {
        { "sagitta tra", "train" },
        { "sagitta export mod", "model" },
        { "sagitta export g", "graphs" },
        { "sagitta train muon --conf", "--config" },
        { "sagitta simulate a.npz --detector three", "three-station" },
        { "sagitta bench -v det", "detailed" },
        { "sagitta reconstruct muon tracks.csv --events train", "training.csv" },
        { "sagitta reconstruct muon 'two words.csv' --eve", "--events" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Zsh_completes_the_line(string line, string expected)
    {
        await File.WriteAllTextAsync(_folder.File("type.zsh"), Zsh);
        string whole = await Completed("zsh", "zsh", ["-f", _folder.File("type.zsh"), "SCRIPT", line]);
        Assert.Equal(line[..(line.LastIndexOf(' ') + 1)] + expected + " ", whole.TrimEnd('\n'));
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Fish_offers_the_word_alone(string line, string expected) => Assert.Equal(
        expected, (await Completed("fish", "fish", ["--no-config", "-c", "source $argv[1]; complete -C $argv[2]", "SCRIPT", line])).Trim());

    [Fact]
    public async Task PowerShell_offers_the_word_alone_and_after_a_blank_all_that_can_follow()
    {
        (string Line, string Offered)[] all =
        [
            .. Lines.Select(row => ((string)row[0], (string)row[1])), ("cd ..; sagitta tra", "train"),
            ("sagitta export ", "chain events graphs model"),
        ];
        await File.WriteAllTextAsync(_folder.File("type.ps1"), """
            Get-Content -Raw $args[0] | Invoke-Expression
            foreach ($line in $args[1..99]) {
                $words = (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText -replace '^\./', ''
                ($words | Where-Object { $line -match '--' -or $_ -notmatch '^-' }) -join ' '
            }
            """);
        string told = await Completed("powershell", Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["pwsh", "-NoProfile", "-NonInteractive", "-WorkingDirectory", "HERE", "-File", _folder.File("type.ps1"), "SCRIPT",
                .. all.Select(one => one.Line)]);
        Assert.Equal(all.Select(one => one.Offered), told.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Fish_offers_after_a_blank_all_that_can_follow() => Assert.Equal(
        ["chain", "events", "graphs", "model"],
        (await Completed("fish", "fish", ["--no-config", "-c", "source $argv[1]; complete -C $argv[2]", "SCRIPT", "sagitta export "]))
            .Split('\n').Where(word => word.Length > 0 && !word.StartsWith('-')));

    // What a shell says, which finds the program of this build as "sagitta"; SCRIPT stands for its completion script, HERE for the folder,
    // which a tool of the checkout can't be started in.
    private async Task<string> Completed(string shell, string program, string[] arguments)
    {
        using StringWriter script = new();
        Assert.Equal(0, await SagittaCommand.RunAsync(["completion", shell], script, TextWriter.Null));
        await File.WriteAllTextAsync(_folder.File("script"), script.ToString());
        string bin = Directory.CreateDirectory(_folder.File("bin")).FullName;
        string command = Path.Combine(bin, "sagitta");
        await File.WriteAllTextAsync(command, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "sagitta.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        string here = Directory.CreateDirectory(_folder.File("here")).FullName;
        await File.WriteAllTextAsync(Path.Combine(here, "training.csv"), "");
        await File.WriteAllTextAsync(Path.Combine(here, "models.txt"), "");

        ProcessStartInfo start = new(program, arguments.Select(word => word switch
        {
            "SCRIPT" => _folder.File("script"),
            "HERE" => here,
            _ => word,
        }))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = arguments.Contains("HERE") ? TestData.Root : here,
        };
        LocalFeed.ForgetTheBuild(start);
        start.Environment["PATH"] = bin + Path.PathSeparator + start.Environment["PATH"];
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        using Timer last = new(_ => process.Kill(entireProcessTree: true), null, TimeSpan.FromMinutes(2), Timeout.InfiniteTimeSpan);
        string told = await process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
        return told;
    }
}
