namespace Sagitta.Tests.Autodiff.Tensors;

/// <summary>Handles from before a reset and tensors of different tapes are refused, by every operation.</summary>
public sealed class TapeMisuseTests
{
    // Every operation on tensors whose values do not matter: its shapes and a call.
    private static readonly (Type Kind, (int Rows, int Columns)[] Shapes, Func<Tensor<double>[], Tensor<double>> Apply)[] _operations =
    [
        (typeof(Add<>), [(7, 2), (7, 2)], x => Add<double>.Apply(x[0], x[1])),
        (typeof(BatchNorm<>), [(7, 2), (1, 2), (1, 2)], x => BatchNorm<double>.Apply(x[0], x[1], x[2], new BatchMoments(2))),
        (typeof(BatchNorm<>), [(7, 2), (1, 2), (1, 2), (1, 2), (1, 2)], x => BatchNorm<double>.Apply(x[0], x[1], x[2], x[3], x[4])),
        (typeof(BinaryCrossEntropy<>), [(7, 2), (7, 2), (7, 2)], x => BinaryCrossEntropy<double>.Apply(x[0], x[1], x[2])),
        (typeof(ConcatenateColumns<>), [(7, 2), (7, 1), (7, 3)], x => ConcatenateColumns<double>.Apply(x[0], x[1], x[2])),
        (typeof(Pointwise<,>), [(7, 2)], x => Elu<double>.Apply(x[0])),
        (typeof(GatherRows<>), [(5, 2)], x => GatherRows<double>.BySource(x[0], Graphs.Small())),
        (typeof(GatherRows<>), [(5, 2)], x => GatherRows<double>.ByTarget(x[0], Graphs.Small())),
        (typeof(GraphAttention<>), [(5, 4), (5, 4), (7, 3), (3, 4), (1, 4)],
            x => GraphAttention<double>.Apply(x[0], x[1], x[2], x[3], x[4], Graphs.Small(), 2)),
        (typeof(LayerNorm<>), [(7, 2), (1, 2), (1, 2)], x => LayerNorm<double>.Apply(x[0], x[1], x[2])),
        (typeof(Pointwise<,>), [(7, 2)], x => LeakyRelu<double>.Apply(x[0])),
        (typeof(Linear<>), [(7, 2), (2, 3)], x => Linear<double>.Apply(x[0], x[1])),
        (typeof(Linear<>), [(7, 2), (2, 3), (1, 3)], x => Linear<double>.Apply(x[0], x[1], x[2])),
        (typeof(Multiply<>), [(7, 2), (7, 2)], x => Multiply<double>.Apply(x[0], x[1])),
        (typeof(Pointwise<,>), [(7, 2)], x => Scale<double>.Apply(x[0], 3)),
        (typeof(SegmentMax<>), [(7, 2)], x => SegmentMax<double>.Apply(x[0], new Segments([0, 3, 7]))),
        (typeof(SegmentMean<>), [(7, 2)], x => SegmentMean<double>.Apply(x[0], Graphs.Small())),
        (typeof(SegmentSum<>), [(7, 2)], x => SegmentSum<double>.Apply(x[0], Graphs.Small())),
        (typeof(Pointwise<,>), [(7, 2)], x => Sigmoid<double>.Apply(x[0])),
        (typeof(Sum<>), [(7, 2)], x => Sum<double>.Apply(x[0])),
        (typeof(BlackBoxAssignment<>), [(4, 1)], x =>
        {
            AssignmentProblem problem = new();
            problem.Set([0, 2, 4], [0, 1, 0, 1], 2);
            return BlackBoxAssignment<double>.Apply(x[0], problem);
        }),
        (typeof(ImplicitSolve<>), [(4, 16), (4, 16), (4, 16), (1, 16), (1, 16)],
            x => new CircleFit(_geometry!).Apply(x[0], x[1], x[2], new PlaneShifts(x[3], x[4])).Value),
        (typeof(CurvatureLoss), [(4, 3)], x => CurvatureLoss.Apply(
            x[0], new SolveStatus[4], [1, 1, 1, 1], [1, 1, 1, 1], new RobustFunction.Cauchy())),
        (typeof(TrackLikelihood), [(4, 3), (4, 16), (4, 16), (4, 16), (1, 16), (1, 16)], x => TrackLikelihood.Apply(
            _geometry!, x[0], new SolveStatus[4], x[1], x[2], x[3], new PlaneShifts(x[4], x[5]))),
        (typeof(OutlierPresence), [(4, 3), (4, 16), (4, 16), (4, 16), (1, 16), (1, 16)], x => OutlierPresence.Apply(
            _geometry!, new(), x[0], new SolveStatus[4], x[1], x[2], x[3], new PlaneShifts(x[4], x[5]))),
    ];

    private static readonly CircleGeometry _geometry = CircleGeometry.Of(DetectorFile.Load("toy16"));

    [Fact]
    public void The_table_above_holds_every_operation_of_the_engine()
    {
        static bool IsOperation(Type type) => type.BaseType is { } parent && ((parent.IsGenericType
            && parent.GetGenericTypeDefinition() == typeof(Operation<>)) || IsOperation(parent));
        Type[] kinds = [.. typeof(Add<>).Assembly.GetTypes().Where(type => !type.IsAbstract && !type.IsNested && IsOperation(type))];
        Assert.True(kinds.Length > 12);
        Assert.Empty(kinds.Except(_operations.Select(o => o.Kind)));
    }

    [Fact]
    public void No_operation_takes_a_tensor_of_an_earlier_step()
    {
        foreach ((Type kind, (int Rows, int Columns)[] shapes, Func<Tensor<double>[], Tensor<double>> apply) in _operations)
        {
            foreach (bool recording in (bool[])[true, false])
            {
                for (int stale = 0; stale < shapes.Length; stale++)
                {
                    using Tape<double> tape = new(recording);
                    Tensor<double> old = Make(tape, shapes[stale]);
                    tape.Reset();
                    Tensor<double>[] inputs = Array.ConvertAll(shapes, shape => Make(tape, shape));
                    apply(inputs);
                    inputs[stale] = old;
                    InvalidOperationException refused = Refused(() => apply(inputs), $"{kind.Name}, input {stale}");
                    Assert.Contains("make it anew after Reset", refused.Message, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void No_operation_mixes_tapes()
    {
        foreach ((Type kind, (int Rows, int Columns)[] shapes, Func<Tensor<double>[], Tensor<double>> apply) in _operations)
        {
            foreach ((bool own, bool other) in ((bool, bool)[])[(true, true), (true, false), (false, true)])
            {
                for (int foreign = 0; shapes.Length > 1 && foreign < shapes.Length; foreign++)
                {
                    using Tape<double> tape = new(own);
                    using Tape<double> elsewhere = new(other);
                    Tensor<double>[] inputs = Array.ConvertAll(shapes, shape => Make(tape, shape));
                    inputs[foreign] = Make(elsewhere, shapes[foreign]);
                    InvalidOperationException refused = Refused(() => apply(inputs), $"{kind.Name}, input {foreign}, {own}, {other}");
                    Assert.Contains("on one tape", refused.Message, StringComparison.Ordinal);
                    Assert.Contains("Constant", refused.Message, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void Handles_of_a_tape_that_was_reset_or_disposed_of_are_not_read()
    {
        Tape<double> tape = new();
        Tensor<double> x = tape.Leaf([1, 2], 2, 1);
        Tensor<double> y = Sum<double>.Apply(x);
        tape.Backward(y);
        Assert.Equal([1, 1], x.Gradient.ToArray());
        tape.Reset();
        tape.Leaf([5, 7], 2, 1);
        Refused(() => x.Values.ToArray(), "values");
        Refused(() => x.Gradient.ToArray(), "gradient");
        Refused(() => x.RequiresGradient, "requires");
        Refused(() => tape.Backward(y), "backward");
        Tensor<double> last = tape.Leaf([3], 1, 1);
        tape.Dispose();
        Refused(() => last.Values.ToArray(), "disposed");
    }

    private static Tensor<double> Make(Tape<double> tape, (int Rows, int Columns) shape)
    {
        double[] values = new double[shape.Rows * shape.Columns];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = 0.5 + (0.01 * i);
        }

        // Shifts of planes are small.
        return tape.Leaf(shape is (1, 16) ? new double[16] : values, shape.Rows, shape.Columns);
    }

    private static InvalidOperationException Refused(Func<object> call, string what)
    {
        Exception? thrown = Record.Exception(() => { call(); });
        Assert.True(thrown is InvalidOperationException, $"{what}: {thrown?.GetType().Name ?? "not refused"}");
        return (InvalidOperationException)thrown!;
    }

    private static InvalidOperationException Refused(Action call, string what) => Refused(
        () =>
        {
            call();
            return "";
        },
        what);
}
