using System.Diagnostics;

namespace Sagitta.Tests.Cli;

public sealed class CompletionVerbTests
{
    [Theory]
    [InlineData("sagitta tra", "train")]
    [InlineData("sagitta export mod", "model")]
    [InlineData("sagitta train muon --conf", "--config")]
    [InlineData("sagitta simulate a.npz --detector three", "three-station")]
    [InlineData("sagitta bench -v det", "detailed")]
    public async Task Script_of_bash_completes_when_bash_has_read_it(string line, string expected)
    {
        using TemporaryFolder folder = new();
        using StringWriter script = new();
        Assert.Equal(0, await SagittaCommand.RunAsync(["completion", "bash"], script, TextWriter.Null));
        await File.WriteAllTextAsync(folder.File("completion.bash"), script.ToString());
        await File.WriteAllTextAsync(folder.File("test.bash"), $$"""
            sagitta() { dotnet '{{Path.Combine(AppContext.BaseDirectory, "sagitta.dll")}}' "$@"; }
            source '{{folder.File("completion.bash")}}' || exit 1
            complete -p sagitta >&2 || exit 1
            COMP_LINE='{{line}}'; COMP_POINT=${#COMP_LINE}
            read -ra COMP_WORDS <<<"$COMP_LINE"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _sagitta
            printf '%s\n' "${COMPREPLY[@]}"
            """);
        using Process bash = Process.Start(new ProcessStartInfo("bash", ["--norc", folder.File("test.bash")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string[] found = (await bash.StandardOutput.ReadToEndAsync()).TrimEnd().Split('\n');
        string told = await bash.StandardError.ReadToEndAsync();
        await bash.WaitForExitAsync();
        Assert.True(bash.ExitCode == 0, told);
        Assert.Equal([expected], found);
    }

    [Fact]
    public async Task Every_shell_has_a_script_that_asks_the_program()
    {
        foreach (string shell in (string[])["bash", "zsh", "fish", "powershell"])
        {
            using StringWriter script = new();
            Assert.Equal(0, await SagittaCommand.RunAsync(["completion", shell], script, TextWriter.Null));
            Assert.Contains("[suggest:", script.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(2, await SagittaCommand.RunAsync(["completion", "csh"], TextWriter.Null, TextWriter.Null));
    }
}
