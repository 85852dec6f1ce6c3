using System.Diagnostics;

namespace Sagitta.Tests.Documentation;

/// <summary>Runs the blocks of a page of docs in their order, in one folder, as a reader would.</summary>
internal static class PageRun
{
    private static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "sagitta.dll");

    /// <summary>The blocks of a page in their order, each with its language; commands have none.</summary>
    public static IEnumerable<(string Language, string Text)> Blocks(string page)
    {
        string[] lines = File.ReadAllLines(TestData.InRepository("docs", page));
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                int end = Array.IndexOf(lines, "```", i + 1);
                yield return (lines[i][3..], string.Join('\n', lines[(i + 1)..end]));
                i = end;
            }
        }
    }

    /// <summary>Runs the commands of a block, those of other programs than sagitta left out.</summary>
    public static void Commands(string text, string folder)
    {
        foreach (string line in text.Split('\n').Where(line => line.StartsWith("sagitta ", StringComparison.Ordinal)))
        {
            Start("dotnet", folder, [Program, .. line.Split(' ')[1..]]);
        }
    }

    /// <summary>Runs a program of Python, that of Debian, whose packages are Debian's too; its output.</summary>
    public static string Python(string text, string folder) => Start("/usr/bin/python3", folder, ["-c", text]);

    /// <summary>Runs a program; its output.</summary>
    public static string Start(string program, string folder, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', arguments)}: {output.Result} {errors}");
        return output.Result;
    }
}
