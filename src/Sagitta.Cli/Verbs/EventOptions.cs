using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>Options of verbs that make muon events or take Geant4 deposits.</summary>
internal static class EventOptions
{
    /// <summary>--detector.</summary>
    public static Option<string> Detector { get; } = new("--detector")
    {
        HelpName = "NAME|FILE",
        Description = "A shipped detector (toy16, toy17, three-station) or a detector file",
        DefaultValueFactory = _ => "toy16",
    };

    /// <summary>--deposits.</summary>
    public static Option<string> Deposits { get; } = new(
        "--deposits")
    { HelpName = "FILE", Description = "Geant4 deposits, CSV or gzipped CSV" };

    /// <summary>--truth.</summary>
    public static Option<string> Truth { get; } = new(
        "--truth")
    { HelpName = "FILE", Description = "The muons of those deposits at their vertices, CSV or gzipped CSV" };

    /// <summary>--background.</summary>
    public static Option<double[]> Background { get; } = new("--background")
    {
        HelpName = "FLUX",
        Description = "Background flux in kHz/cm2; repeated, each event draws one of them",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            List<double> fluxes = [];
            foreach (string text in result.Tokens.Select(token => token.Value))
            {
                if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double flux) || !(flux >= 0)
                    || double.IsInfinity(flux))
                {
                    result.AddError($"--background: '{text}' is no flux; give a number from 0 such as 5");
                    break;
                }

                fluxes.Add(flux);
            }

            return [.. fluxes];
        },
    };

    /// <summary>--smear.</summary>
    public static Option<double> Smear { get; } = SharedOptions.Number(
        "--smear", "MM", "One hit for each muon crossing with this Gaussian error, instead of the digitiser; 0 for the digitiser", 0, 0);

    /// <summary>--config.</summary>
    public static Option<string?> Configuration { get; } = new(
        "--config")
    { HelpName = "FILE", Description = "YAML file with options; what it leaves out has its default" };

    /// <summary>Overrides of the configuration: the options that stand for fields of the digitisation, then those of --set, which
    /// win.</summary>
    public static IReadOnlyList<string> SettingsOf(VerbRun run, string path)
    {
        List<string> settings = [];
        if (run.Given(Background))
        {
            settings.Add($"{path}background.kHzPerCm2=[{string.Join(", ", run.Value(Background)!)}]");
        }

        if (run.Given(Smear))
        {
            settings.Add($"{path}smear={run.Value(Smear)}");
        }

        return [.. settings, .. run.Settings];
    }
}
