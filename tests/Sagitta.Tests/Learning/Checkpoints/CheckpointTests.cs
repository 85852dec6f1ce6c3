namespace Sagitta.Tests.Learning.Checkpoints;

public sealed class CheckpointTests
{
    private static readonly Action<string> Silent = _ => { };

    [Theory]
    [InlineData("cut")]
    [InlineData("edited")]
    [InlineData("missing")]
    [InlineData("empty")]
    public void Damaged_checkpoint_gives_way_to_the_one_before(string damage)
    {
        using TemporaryFolder folder = new();
        string file = folder.File("c.safetensors");
        using ParameterVector<float> parameters = Drawn(4), found = Drawn(5);
        using Adam<float> optimiser = new(parameters.Layout), other = new(parameters.Layout);
        Train(parameters, optimiser, 0, 3);
        float[] before = parameters.Values.ToArray();
        Checkpoint.Save(file, parameters, optimiser);
        Train(parameters, optimiser, 3, 5);
        Checkpoint.Save(file, parameters, optimiser);
        List<string> notes = [];
        Checkpoint.Restore(file, found, other, notes.Add);
        Assert.Equal(5, other.StepCount);
        Assert.Empty(notes);

        Damage(file, damage);
        Checkpoint.Restore(file, found, other, notes.Add);
        Assert.Equal((3, 1), (other.StepCount, notes.Count));
        Assert.Equal(before, found.Values.ToArray());
        File.Delete(CheckpointFile.Previous(file));
        Assert.Throws<BadInputException>(() => Checkpoint.Restore(file, found, other, notes.Add));
    }

    private static void Damage(string file, string damage)
    {
        byte[] bytes = File.ReadAllBytes(file);
        switch (damage)
        {
            case "cut":
                File.WriteAllBytes(file, bytes[..^3]);
                break;
            case "edited":
                bytes[^5] ^= 1;
                File.WriteAllBytes(file, bytes);
                break;
            case "empty":
                File.WriteAllBytes(file, []);
                break;
            default:
                File.Delete(file);
                break;
        }
    }
    [Fact]
    public void Training_continues_from_a_checkpoint_as_if_nothing_had_happened()
    {
        using TemporaryFolder folder = new();
        using ParameterVector<float> through = Drawn(4), stopped = Drawn(4), continued = Drawn(5);
        using Adam<float> first = new(through.Layout), second = new(stopped.Layout), third = new(continued.Layout);
        Train(through, first, 0, 20);
        Train(stopped, second, 0, 12);
        CheckpointExtras extras = new();
        extras.Arrays["best"] = [double.Epsilon, -0.0, 3];
        extras.Texts["config"] = "seed: 1";
        Checkpoint.Save(folder.File("c.safetensors"), stopped, second, extras, ("best", through));

        using ParameterVector<float> best = new(continued.Layout);
        CheckpointExtras restored = Checkpoint.Restore(folder.File("c.safetensors"), continued, third, Silent, ("best", best));
        Train(continued, third, 12, 20);
        Assert.Equal(through.Values.ToArray(), continued.Values.ToArray());
        Assert.Equal(through.Values.ToArray(), best.Values.ToArray());
        Assert.Equal(20, third.StepCount);
        Assert.Equal([double.Epsilon, -0.0, 3], restored.Arrays["best"]);
        Assert.Equal("seed: 1", restored.Texts["config"]);
    }

    [Fact]
    public void Same_state_gives_the_same_bytes()
    {
        using TemporaryFolder folder = new();
        using ParameterVector<float> parameters = Drawn(4);
        using RmsProp<float> optimiser = new(parameters.Layout);
        Checkpoint.Save(folder.File("a"), parameters, optimiser);
        Checkpoint.Save(folder.File("b"), parameters, optimiser);
        Assert.Equal(File.ReadAllBytes(folder.File("a")), File.ReadAllBytes(folder.File("b")));
    }

    [Fact]
    public void File_that_does_not_fit_is_bad_input_and_changes_nothing()
    {
        using TemporaryFolder folder = new();
        using ParameterVector<float> parameters = Drawn(4), wider = Drawn(1, width: 6);
        using Adam<float> adam = new(parameters.Layout), widerAdam = new(wider.Layout);
        using RmsProp<float> rmsProp = new(parameters.Layout);
        Checkpoint.Save(folder.File("adam"), parameters, adam);
        SafeTensorsWriter model = new();
        model.Add(parameters, "parameters/");
        model.Write(folder.File("model"));
        float[] before = wider.Values.ToArray();

        Assert.Contains("'adam'", Assert.Throws<BadInputException>(
            () => Checkpoint.Restore(folder.File("adam"), parameters, rmsProp, Silent)).Message, StringComparison.Ordinal);
        Assert.Contains("no checkpoint", Assert.Throws<BadInputException>(
            () => Checkpoint.Restore(folder.File("model"), parameters, adam, Silent)).Message, StringComparison.Ordinal);
        Assert.Contains("[3, 5]", Assert.Throws<BadInputException>(
            () => Checkpoint.Restore(folder.File("adam"), wider, widerAdam, Silent)).Message,
            StringComparison.Ordinal);
        Assert.Throws<BadInputException>(() => Checkpoint.Restore(folder.File("adam"), parameters, adam, Silent, ("best", parameters)));
        Assert.Equal(before, wider.Values.ToArray());
    }

    private static void Train(ParameterVector<float> parameters, Adam<float> adam, int from, int to)
    {
        using ParameterVector<float> gradients = new(parameters.Layout);
        for (int step = from; step < to; step++)
        {
            gradients.Initialise(RandomKey.FromSeed(9).Split((ulong)step));
            adam.Step(parameters, gradients, 0.01);
        }
    }

    private static ParameterVector<float> Drawn(ulong seed, int width = 5)
    {
        ParameterLayout layout = new();
        layout.Add("weight", 3, width, new Initialisation.Uniform(1));
        layout.Add("bias", 1, width, new Initialisation.Uniform(1));
        ParameterVector<float> vector = new(layout);
        vector.Initialise(RandomKey.FromSeed(seed));
        return vector;
    }
}
